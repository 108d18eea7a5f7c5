package dev.steward.http;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A request to anywhere on the internet, with a bounded answer.
///
/// @param url            http or https, as people write it
/// @param headers        sent as they are
/// @param body           null for none
/// @param timeout        for everything: looking up, connecting, sending, the whole answer
/// @param answerBytesMax longest answer that is read
public record FetchRequest(
        String method,
        String url,
        Map<String, String> headers,
        @Nullable EgressBody body,
        Duration timeout,
        int answerBytesMax) {

    /// Methods that may be used.
    public static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

    /// Longest time for a request.
    public static final Duration TIMEOUT_MAX = Duration.ofMinutes(5);

    /// Longest answer, in bytes: 16 MiB.
    public static final int ANSWER_BYTES_MAX = 16 * 1024 * 1024;

    /// Longest body, in bytes: 16 MiB.
    public static final int BODY_BYTES_MAX = 16 * 1024 * 1024;

    public FetchRequest {
        requireNonNull(method, "method");
        requireNonNull(url, "url");
        headers = Map.copyOf(headers);
        requireNonNull(timeout, "timeout");
        if (!timeout.isPositive() || timeout.compareTo(TIMEOUT_MAX) > 0) {
            throw new IllegalArgumentException("timeout must be more than 0 and at most 5 minutes");
        }
        if (answerBytesMax < 0 || answerBytesMax > ANSWER_BYTES_MAX) {
            throw new IllegalArgumentException("answerBytesMax must be 0 to " + ANSWER_BYTES_MAX);
        }
    }
}
