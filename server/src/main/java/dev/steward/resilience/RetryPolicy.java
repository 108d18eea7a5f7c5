package dev.steward.resilience;

import static java.util.Objects.requireNonNull;

import dev.steward.config.Setting;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// When a failed call is made again (RES-2): capped exponential backoff with full jitter.
///
/// The wait before retry n (1, 2, …) is uniform in 0 … min(max, base · factorⁿ⁻¹), and at least what the other side
/// asked for by `Retry-After`. Only one layer may retry a call. Source: AWS Architecture Blog, "Exponential backoff
/// and jitter".
///
/// @param maxAttempts calls in all, the first one included; 1 means no retry
/// @param base        ceiling of the first wait
/// @param factor      by which the ceiling grows
/// @param max         highest ceiling
public record RetryPolicy(
        @Setting(value = "Calls in all, the first one included, 1 to 20.", fallback = "3")
        int maxAttempts,

        @Setting(value = "Longest wait before the first retry, 0 to 1 hour.", fallback = "1000")
        Duration base,

        @Setting(value = "By what the longest wait grows with each retry, 1 to 10.", fallback = "2")
        double factor,

        @Setting(value = "Longest wait before any retry, 0 to 1 hour.", fallback = "10000")
        Duration max) {

    /// Most attempts that make sense: beyond, a queue's own backoff is the right tool.
    public static final int ATTEMPTS_MAX = 20;

    /// Longest wait in place, also when `Retry-After` asks for more: then the call fails and says when to come back.
    public static final Duration RETRY_AFTER_MAX = Duration.ofSeconds(60);

    private static final Duration WAIT_MAX = Duration.ofHours(1);

    /// What to do after a failure.
    public sealed interface Decision {

        /// Wait, then call again.
        record Again(Duration delay) implements Decision {}

        /// Let the failure go up.
        record GiveUp(Reason reason) implements Decision {}
    }

    /// Why a failed call is not made again.
    public enum Reason {
        /// All attempts are used.
        ATTEMPTS,
        /// The backend's [RetryBudget] is empty.
        BUDGET,
        /// The wait would end after the deadline.
        DEADLINE,
        /// The other side asked for a longer wait than [RetryPolicy#RETRY_AFTER_MAX].
        RETRY_AFTER
    }

    public RetryPolicy {
        requireNonNull(base, "base");
        requireNonNull(max, "max");
        if (maxAttempts < 1 || maxAttempts > ATTEMPTS_MAX) {
            throw new IllegalArgumentException("max_attempts must be 1 to " + ATTEMPTS_MAX);
        }
        if (base.isNegative() || base.compareTo(WAIT_MAX) > 0) {
            throw new IllegalArgumentException("base must be 0 to 1 hour");
        }
        if (!(factor >= 1 && factor <= 10)) {
            throw new IllegalArgumentException("factor must be 1 to 10");
        }
        if (max.isNegative() || max.compareTo(WAIT_MAX) > 0) {
            throw new IllegalArgumentException("max must be 0 to 1 hour");
        }
    }

    /// 3 attempts, 1 s, doubling, 10 s at most.
    public static RetryPolicy defaults() {
        return new RetryPolicy(3, Duration.ofSeconds(1), 2, Duration.ofSeconds(10));
    }

    /// Decides after failure number `attemptsMade`; takes a token of `budget` when it decides to call again.
    ///
    /// @param retryAfter what the other side asked for; null if it did not
    public Decision decide(
            int attemptsMade,
            @Nullable Duration retryAfter,
            Deadline deadline,
            RetryBudget budget,
            RandomGenerator random) {
        if (attemptsMade >= maxAttempts) {
            return new Decision.GiveUp(Reason.ATTEMPTS);
        }
        Duration least = retryAfter == null ? Duration.ZERO : retryAfter;
        if (least.compareTo(RETRY_AFTER_MAX) > 0) {
            return new Decision.GiveUp(Reason.RETRY_AFTER);
        }
        long ceiling = ceiling(attemptsMade).toNanos();
        Duration jittered = Duration.ofNanos(ceiling == 0 ? 0 : random.nextLong(ceiling + 1));
        Duration wait = jittered.compareTo(least) < 0 ? least : jittered;
        if (wait.compareTo(deadline.left()) >= 0) {
            return new Decision.GiveUp(Reason.DEADLINE);
        }
        return budget.tryRetry() ? new Decision.Again(wait) : new Decision.GiveUp(Reason.BUDGET);
    }

    /// The longest wait before retry `retry` (1, 2, …), without `Retry-After`.
    public Duration ceiling(int retry) {
        double nanos = base.toNanos() * Math.pow(factor, Math.max(0, retry - 1));
        return nanos >= max.toNanos() ? max : Duration.ofNanos((long) nanos);
    }
}
