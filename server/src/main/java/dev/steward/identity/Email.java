package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import java.net.IDN;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// An e-mail address in the one form in which accounts are told apart: NFC, lower case, domain in ASCII.
///
/// Whether it can be delivered to is not decided here; what is refused could not be, or would break a header.
/// Source: RFC 5321, section 4.5.3.1 (lengths).
record Email(String value) {

    static final int LENGTH_MAX = 254;
    private static final int LOCAL_LENGTH_MAX = 64;
    private static final Pattern LOCAL = Pattern.compile("[^\\s@\\p{Cntrl}\\p{Cf}\"(),:;<>\\[\\]\\\\]+");
    private static final Pattern DOMAIN =
            Pattern.compile("([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?");

    Email {
        requireNonNull(value, "value");
    }

    /// Reads an address; empty when it is none.
    static Optional<Email> parse(String text) {
        String plain = Normalizer.normalize(text.strip(), Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        int at = plain.lastIndexOf('@');
        if (at < 1 || at > LOCAL_LENGTH_MAX || plain.length() > LENGTH_MAX) {
            return Optional.empty();
        }
        String local = plain.substring(0, at);
        try {
            String domain = IDN.toASCII(plain.substring(at + 1));
            String whole = local + "@" + domain;
            boolean sound =
                    LOCAL.matcher(local).matches() && DOMAIN.matcher(domain).matches() && whole.length() <= LENGTH_MAX;
            return sound ? Optional.of(new Email(whole)) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    String local() {
        return value.substring(0, value.lastIndexOf('@'));
    }

    @Override
    public String toString() {
        return "***";
    }
}
