package dev.steward.web;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/// An answer kept for repeats of a creating request. It is stored sealed with a key that is derived from the
/// caller's
/// `Idempotency-Key`, which is not stored: whoever reads the table reads no answers, some of which carry secrets.
///
/// AES-256-GCM, random nonce, under HKDF-SHA256 of the key and the resource id.
///
/// @param status      2xx
/// @param contentType empty when there is no body
/// @param location    the `Location` header; empty when there is none
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
record SealedAnswer(int status, String contentType, String location, byte[] body) {

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int KEY_BYTES = 32;

    SealedAnswer {
        requireNonNull(contentType, "contentType");
        requireNonNull(location, "location");
        requireNonNull(body, "body");
    }

    byte[] seal(IdempotencyClaim claim, byte[] nonce) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(plain)) {
            out.writeInt(status);
            out.writeUTF(contentType);
            out.writeUTF(location);
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory can't fail", e);
        }
        byte[] sealed = run(Cipher.ENCRYPT_MODE, claim, nonce, plain.toByteArray());
        byte[] joined = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
        System.arraycopy(sealed, 0, joined, NONCE_BYTES, sealed.length);
        return joined;
    }

    static SealedAnswer open(IdempotencyClaim claim, byte[] stored) {
        byte[] nonce = Arrays.copyOf(stored, NONCE_BYTES);
        byte[] plain = run(Cipher.DECRYPT_MODE, claim, nonce, Arrays.copyOfRange(stored, NONCE_BYTES, stored.length));
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(plain))) {
            return new SealedAnswer(in.readInt(), in.readUTF(), in.readUTF(), in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("a sealed answer is malformed", e);
        }
    }

    private static byte[] run(int mode, IdempotencyClaim claim, byte[] nonce, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key(claim), new GCMParameterSpec(TAG_BITS, nonce));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("an idempotent answer can't be sealed or opened", e);
        }
    }

    private static SecretKey key(IdempotencyClaim claim) throws GeneralSecurityException {
        UUID id = claim.resourceId();
        return KDF.getInstance("HKDF-SHA256")
                .deriveKey(
                        "AES",
                        HKDFParameterSpec.ofExtract()
                                .addIKM(claim.key().getBytes(StandardCharsets.UTF_8))
                                .thenExpand(("steward idempotency " + id).getBytes(StandardCharsets.UTF_8), KEY_BYTES));
    }
}
