package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import com.nimbusds.jose.jwk.ECKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The keys of this installation, shared by all its nodes.
///
/// @param signing signs access tokens (ES256)
/// @param mac     derives refresh tokens from their parents, and CSRF tokens from sessions
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
record AuthKeys(ECKey signing, byte[] mac) {

    AuthKeys {
        requireNonNull(signing, "signing");
        requireNonNull(mac, "mac");
    }

    /// HMAC-SHA256 of a text, for one purpose.
    byte[] derive(String purpose, String text) {
        try {
            Mac hmac = Mac.getInstance("HmacSHA256");
            hmac.init(new SecretKeySpec(mac, "HmacSHA256"));
            return hmac.doFinal((purpose + "\n" + text).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
