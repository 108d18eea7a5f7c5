package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/// An API key as its holder keeps it: `stw_<handle>_<secret><checksum>`. The prefix lets scanners find leaked keys,
/// the checksum lets them and us throw away what only looks like one, without a query.
///
/// @param handle finds the key in the table; 8 characters, not secret
/// @param secret 43 base-62 characters, 256 bits
record ApiKeyText(String handle, String secret) {

    static final String PREFIX = "stw_";

    private static final int HANDLE_LENGTH = 8;
    private static final int SECRET_LENGTH = 43;
    private static final int CHECKSUM_LENGTH = 6;
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final Pattern SHAPE = Pattern.compile("stw_([0-9A-Za-z]{8})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})");

    ApiKeyText {
        requireNonNull(handle, "handle");
        requireNonNull(secret, "secret");
    }

    static ApiKeyText random(SecureRandom random) {
        return new ApiKeyText(digits(random, HANDLE_LENGTH), digits(random, SECRET_LENGTH));
    }

    /// Reads a key; empty when it can't be one of ours.
    static Optional<ApiKeyText> parse(String text) {
        var parts = SHAPE.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        ApiKeyText key = new ApiKeyText(parts.group(1), parts.group(2));
        return key.full().equals(text) ? Optional.of(key) : Optional.empty();
    }

    /// The whole key.
    String full() {
        String body = PREFIX + handle + "_" + secret;
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.US_ASCII));
        StringBuilder checksum = new StringBuilder();
        long rest = crc.getValue();
        for (int i = 0; i < CHECKSUM_LENGTH; i++) {
            checksum.append(DIGITS.charAt((int) (rest % DIGITS.length())));
            rest /= DIGITS.length();
        }
        return body + checksum;
    }

    private static String digits(SecureRandom random, int count) {
        return random.ints(count, 0, DIGITS.length())
                .mapToObj(DIGITS::charAt)
                .collect(StringBuilder::new, StringBuilder::append, StringBuilder::append)
                .toString();
    }

    @Override
    public String toString() {
        return PREFIX + handle + "_***";
    }
}
