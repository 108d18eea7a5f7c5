package dev.steward.http;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Which headers a caller may set. Source: RFC 9110, sections 5.5 and 5.6.2.
final class Headers {

    /// Most headers of one request.
    static final int COUNT_MAX = 64;

    /// Longest value, in characters.
    static final int VALUE_LENGTH_MAX = 8_192;

    /// Longest name, in characters.
    private static final int NAME_LENGTH_MAX = 128;

    /// What a name may hold besides letters and digits.
    private static final String SIGNS_OF_NAMES = "!#$%&'*+.^_`|~-";

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
            if (!isName(name)) {
                throw refused("a header's name is letters, digits and hyphens");
            }
            if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
                throw refused("header " + name + " is set by Steward");
            }
            if (!isValue(value)) {
                throw refused("the value of header " + name + " must be up to " + VALUE_LENGTH_MAX
                        + " characters of plain ASCII without line breaks");
            }
        });
    }

    private static boolean isName(String text) {
        int length = text.length();
        int i = 0;
        while (i < length && inName(text.charAt(i))) {
            i++;
        }
        return i == length && length > 0 && length <= NAME_LENGTH_MAX;
    }

    private static boolean inName(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || SIGNS_OF_NAMES.indexOf(c) >= 0;
    }

    private static boolean isValue(String text) {
        int length = text.length();
        int i = 0;
        while (i < length && (text.charAt(i) >= ' ' || text.charAt(i) == '\t') && text.charAt(i) <= '~') {
            i++;
        }
        return i == length && length <= VALUE_LENGTH_MAX;
    }

    private static EgressException refused(String why) {
        return new EgressException(
                EgressException.Kind.REQUEST_REFUSED,
                "The request was refused and nothing was sent: " + why + ".",
                null);
    }
}
