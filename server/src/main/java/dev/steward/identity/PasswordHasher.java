package dev.steward.identity;

import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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

    /// Longer queues only make everybody give up.
    private static final Duration WAIT_MAX = Duration.ofSeconds(10);

    private final Argon2PasswordEncoder argon2 =
            new Argon2PasswordEncoder(SALT_BYTES, HASH_BYTES, LANES, MEMORY_KIB, PASSES);
    private final Semaphore places = new Semaphore(AT_ONCE, true);
    private final String nobodys;

    PasswordHasher() {
        this.nobodys = argon2.encode("the password of an account that does not exist");
    }

    String hash(String password) {
        return inTurn(() -> argon2.encode(PasswordRules.normalized(password)));
    }

    boolean matches(String password, String hash) {
        return inTurn(() -> argon2.matches(PasswordRules.normalized(password), hash));
    }

    /// Does the work of [#matches] for an account that does not exist, so that the time of the answer tells
    /// nothing.
    void matchNobody(String password) {
        matches(password, nobodys);
    }

    /// Whether a hash was made with other costs than today's.
    boolean isOutdated(String hash) {
        return argon2.upgradeEncoding(hash);
    }

    private <T> T inTurn(Supplier<T> work) {
        try {
            if (!places.tryAcquire(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                throw busy();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw busy();
        }
        try {
            return work.get();
        } finally {
            places.release();
        }
    }

    private static StewardException busy() {
        return StewardException.busy(
                ErrorCode.SERVICE_UNAVAILABLE,
                "Too many people are signing in at this moment; try again in a few seconds.",
                Duration.ofSeconds(5));
    }
}
