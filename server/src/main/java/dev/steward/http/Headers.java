package dev.steward.http;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Which headers a caller may set. Source: RFC 9110, sections 5.5 and 5.6.2.
final class Headers {

    /// Most headers of one request.
    static final int COUNT_MAX = 64;

    /// Longest value, in characters.
    static final int VALUE_LENGTH_MAX = 8_192;

    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");

    /// Set by the connection itself, or able to turn one request into two.
    private static final Set<String> OURS = Set.of(
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "keep-alive",
            "te",
            "trailer",
            "upgrade",
            "expect",
            "proxy-connection",
            "proxy-authorization");

    private Headers() {}

    /// @throws EgressException `REQUEST_REFUSED`, saying what would pass
    static void check(Map<String, String> headers) {
        if (headers.size() > COUNT_MAX) {
            throw refused("at most " + COUNT_MAX + " headers");
        }
        headers.forEach((name, value) -> {
            if (!NAME.matcher(name).matches()) {
                throw refused("a header's name is letters, digits and hyphens");
            }
            if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
                throw refused("header " + name + " is set by Steward");
            }
            if (value.length() > VALUE_LENGTH_MAX || value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c > '~')) {
                throw refused("the value of header " + name + " must be up to " + VALUE_LENGTH_MAX
                        + " characters of plain ASCII without line breaks");
            }
        });
    }

    private static EgressException refused(String why) {
        return new EgressException(
                EgressException.Kind.REQUEST_REFUSED,
                "The request was refused and nothing was sent: " + why + ".",
                null);
    }
}
