package dev.steward.web;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A feed that producers push into, for events that are kept nowhere else. Bounded: a producer never waits; when
/// the
/// reader is too far behind the feed ends, and the reader has to come back. Safe for use by many threads.
public final class EventQueue implements EventFeed {

    /// Most events handed to the reader at once.
    private static final int BATCH_MAX = 256;

    private final int capacity;
    private final ArrayDeque<StreamEvent> events = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean finished;

    /// @param capacity events that may wait for the reader
    public EventQueue(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1");
        }
        this.capacity = capacity;
    }

    /// Adds an event, if there is room and the feed has not ended.
    ///
    /// @return whether it was added; if not, nothing later will be either
    public boolean offer(StreamEvent event) {
        lock.lock();
        try {
            if (finished || events.size() >= capacity) {
                finished = true;
                changed.signal();
                return false;
            }
            events.add(event);
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Ends the feed after what is in it.
    public void finish() {
        lock.lock();
        try {
            finished = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<StreamEvent> next(Duration waitAtMost) throws InterruptedException {
        long left = TimeUnit.NANOSECONDS.convert(waitAtMost);
        lock.lock();
        try {
            while (events.isEmpty() && !finished && left > 0) {
                left = changed.awaitNanos(left);
            }
            List<StreamEvent> batch = new ArrayList<>();
            while (!events.isEmpty() && batch.size() < BATCH_MAX) {
                batch.add(events.remove());
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean ended() {
        lock.lock();
        try {
            return finished && events.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        finish();
    }
}
