package dev.steward.base;

import static java.util.Objects.requireNonNull;

import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/// Makes UUIDs of version 7: they sort by the time of their making, also within one millisecond.
///
/// The 12 bits after the time count up within a millisecond (method 1) and borrow from the next millisecond when they
/// run out, so ids of one source never go backwards, even when the clock does. Safe for use by many threads.
/// Source: RFC 9562, sections 5.7 and 6.2.
public final class IdSource {

    private static final int COUNTER_MAX = 0xFFF;

    private final InstantSource clock;
    private final RandomGenerator random;
    private final ReentrantLock lock = new ReentrantLock();
    private long lastMillis = Long.MIN_VALUE;
    private int counter;

    /// @param clock  gives the time part
    /// @param random must be cryptographically strong where ids must not be guessed
    public IdSource(InstantSource clock, RandomGenerator random) {
        this.clock = requireNonNull(clock, "clock");
        this.random = requireNonNull(random, "random");
    }

    /// Returns a new id, greater than every one before it from this source.
    public UUID next() {
        long tail = random.nextLong();
        long millis;
        int count;
        lock.lock();
        try {
            long now = clock.millis();
            if (now > lastMillis) {
                lastMillis = now;
                counter = (int) (tail >>> 53) & 0x7FF;
            } else if (++counter > COUNTER_MAX) {
                lastMillis++;
                counter = 0;
            }
            millis = lastMillis;
            count = counter;
        } finally {
            lock.unlock();
        }
        long high = (millis << 16) | 0x7000L | count;
        long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
