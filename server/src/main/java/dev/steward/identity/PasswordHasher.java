package dev.steward.identity;

import dev.steward.base.Saying;
import dev.steward.resilience.Bulkhead;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;

/// Hashes passwords with Argon2id and checks them, at most [#AT_ONCE] at a time: each takes 46 MiB and some 50 ms
/// of one core, so without the bound a crowd at the door would take all memory. Safe for use by many threads.
///
/// Source: RFC 9106; OWASP Password Storage (m=47104, t=1, p=1).
final class PasswordHasher {

    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int LANES = 1;
    private static final int MEMORY_KIB = 47_104;
    private static final int PASSES = 1;

    static final int AT_ONCE = 2;

    private final Argon2PasswordEncoder argon2 =
            new Argon2PasswordEncoder(SALT_BYTES, HASH_BYTES, LANES, MEMORY_KIB, PASSES);
    private final Bulkhead queue = new Bulkhead(AT_ONCE, Saying.SIGN_IN_CROWDED.said(), Duration.ofSeconds(5));
    private final String nobodys;

    /// @param random for the hash that no password has; to make it from a password would cost each start 50 ms and more
    PasswordHasher(SecureRandom random) {
        this.nobodys = "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
                .formatted(MEMORY_KIB, PASSES, LANES, base64(random, SALT_BYTES), base64(random, HASH_BYTES));
    }

    private static String base64(SecureRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Base64.getEncoder().withoutPadding().encodeToString(bytes);
    }

    String hash(String password) {
        return queue.call(() -> argon2.encode(PasswordRules.normalized(password)));
    }

    boolean matches(String password, String hash) {
        return queue.call(() -> argon2.matches(PasswordRules.normalized(password), hash));
    }

    /// Does the work of [#matches] for an account that does not exist, so that the time of the answer tells
    /// nothing.
    ///
    /// @return false, but for a chance of one in 2^256
    boolean matchNobody(String password) {
        return matches(password, nobodys);
    }

    String nobodys() {
        return nobodys;
    }

    /// Whether a hash was made with other costs than today's.
    boolean isOutdated(String hash) {
        return argon2.upgradeEncoding(hash);
    }
}
