package dev.steward.tasks;

import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;

/// Remembers when waiting tasks become due, so that they start on time and not with the next poll. Only a hint:
/// what is forgotten here is found by the poll. Safe for use by many threads.
final class DueTimes {

    /// More than this many are not remembered; the earliest matter most.
    static final int REMEMBERED_MAX = 10_000;

    private final PriorityQueue<Long> nanos = new PriorityQueue<>((a, b) -> Long.compare(a - b, 0));
    private final ReentrantLock lock = new ReentrantLock();

    void add(long atNanos) {
        lock.lock();
        try {
            if (nanos.size() < REMEMBERED_MAX) {
                nanos.add(atNanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /// How long to wait from `now` for the next, at most `longest`; forgets those that have come.
    long untilNext(long now, long longest) {
        lock.lock();
        try {
            boolean came = false;
            while (!nanos.isEmpty() && nanos.peek() - now <= 0) {
                nanos.poll();
                came = true;
            }
            if (came) {
                return 0;
            }
            Long next = nanos.peek();
            return next == null ? longest : Math.min(longest, next - now);
        } finally {
            lock.unlock();
        }
    }
}
