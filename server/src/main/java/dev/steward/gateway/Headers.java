package dev.steward.gateway;

import dev.steward.models.AnswerEvent.Failover;
import dev.steward.models.ModelRef;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Optional;

/// Tells a client who answered and what was overcome, beside an answer in a format that has no room for it.
final class Headers {

    private Headers() {}

    static void describe(HttpServletResponse response, Optional<ModelRef> by, List<Failover> failovers) {
        by.ifPresent(ref -> response.setHeader("X-Steward-Model", printable(ref.toString())));
        if (!failovers.isEmpty()) {
            response.setHeader(
                    "X-Steward-Failover",
                    printable(failovers.getLast().message().english()));
        }
    }

    /// A header's value may hold visible ASCII and spaces only (RFC 9110, section 5.5).
    private static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.chars().forEach(c -> printable.append(c >= 0x20 && c < 0x7F ? (char) c : '?'));
        return printable.toString();
    }
}
