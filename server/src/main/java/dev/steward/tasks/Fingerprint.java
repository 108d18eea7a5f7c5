package dev.steward.tasks;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// Gives failures of one cause one short name: the same type, code and message, but for numbers and ids in
/// it.
final class Fingerprint {

    /// Bytes of the hash that are kept: collisions are harmless, they only show two causes as one.
    private static final int BYTES = 8;

    private static final Pattern VARIABLE = Pattern.compile("[0-9a-fA-F]{8,}(?:-[0-9a-fA-F]{4,}){0,4}|\\d+");

    private Fingerprint() {}

    static String of(String type, String code, String message) {
        String stable = type + '|' + code + '|' + VARIABLE.matcher(message).replaceAll("#");
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(stable.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
