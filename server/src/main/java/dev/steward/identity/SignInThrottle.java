package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// Slows down guessing: after some free tries, each failed sign-in makes the next one wait 1, 2, 4 … 60 seconds,
/// for one account from one network, and for one network whatever the account. A stranger can't lock anybody out:
/// others' networks wait for nothing, and no wait is longer than a minute. Safe for use by many threads.
///
/// Memory is bounded: when too many are remembered, those that need not wait any more are forgotten first.
final class SignInThrottle {

    private static final int ACCOUNT_TRIES_FREE = 5;

    /// A family, an office: several people behind one address mistype.
    private static final int NETWORK_TRIES_FREE = 20;

    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    /// Failures that are this old no longer count.
    private static final Duration MEMORY = Duration.ofMinutes(15);

    private static final int ENTRIES_MAX = 50_000;

    private record Network(ByteBuffer prefix) {}

    private record Pair(Network network, String account) {}

    private record Failures(int count, long lastNanos, long waitUntilNanos) {}

    private final ConcurrentHashMap<Object, Failures> failures = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    SignInThrottle(LongSupplier nanoTime) {
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
    }

    /// Called before a password is looked at.
    ///
    /// @throws StewardException `rate_limit_exceeded` while this network has to wait
    void check(InetAddress address, String account) {
        Network network = network(address);
        long wait = Math.max(waitNanos(network), waitNanos(new Pair(network, account)));
        if (wait > 0) {
            throw StewardException.busy(
                    ErrorCode.RATE_LIMIT_EXCEEDED, Saying.SIGN_IN_THROTTLED.said(), Duration.ofNanos(wait));
        }
    }

    void failed(InetAddress address, String account) {
        Network network = network(address);
        count(network, NETWORK_TRIES_FREE);
        count(new Pair(network, account), ACCOUNT_TRIES_FREE);
    }

    /// Forgets the failures of this account from this network, not those of the network: one good password must not
    /// pay for guessing others.
    void succeeded(InetAddress address, String account) {
        failures.remove(new Pair(network(address), account));
    }

    private long waitNanos(Object key) {
        Failures past = failures.get(key);
        return past == null ? 0 : past.waitUntilNanos() - nanoTime.getAsLong();
    }

    private void count(Object key, int free) {
        long now = nanoTime.getAsLong();
        if (failures.size() >= ENTRIES_MAX) {
            failures.values().removeIf(past -> past.waitUntilNanos() - now <= 0);
        }
        failures.compute(key, (_, past) -> {
            int count = past == null || now - past.lastNanos() > MEMORY.toNanos() ? 1 : past.count() + 1;
            return new Failures(count, now, now + wait(count - free).toNanos());
        });
    }

    /// The wait after `n` failures beyond the free ones.
    private static Duration wait(int n) {
        if (n < 0) {
            return Duration.ZERO;
        }
        Duration doubled = Duration.ofSeconds(1L << Math.min(n, 6));
        return doubled.compareTo(WAIT_MAX) < 0 ? doubled : WAIT_MAX;
    }

    /// A v4 address or a v6 /64: what one caller can freely choose addresses from.
    private static Network network(InetAddress address) {
        byte[] bytes = address.getAddress();
        return new Network(ByteBuffer.wrap(bytes.length == 4 ? bytes : Arrays.copyOf(bytes, 8)));
    }
}
