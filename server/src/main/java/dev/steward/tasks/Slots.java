package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/// Counts what runs in this process against the limit of each type and of all together. Safe for use by many
/// threads.
final class Slots {

    private final TaskHandlers handlers;
    private final int workers;
    private final Map<String, Integer> running = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private int runningInAll;
    private boolean hungry;

    Slots(TaskHandlers handlers, int workers) {
        this.handlers = requireNonNull(handlers, "handlers");
        this.workers = workers;
    }

    /// How many more of each type may start now; types without room, and those that processes have to agree about
    /// ([TaskLimits#shared]), are not named.
    Map<String, Integer> free() {
        lock.lock();
        try {
            Map<String, Integer> free = new TreeMap<>();
            int rest = workers - runningInAll;
            hungry = false;
            for (TaskHandler handler : handlers.all()) {
                if (handler.limits().shared()) {
                    continue;
                }
                int room = Math.min(handler.concurrencyMax() - running.getOrDefault(handler.type(), 0), rest);
                if (room > 0) {
                    free.put(handler.type(), room);
                } else {
                    hungry = true;
                }
            }
            return free;
        } finally {
            lock.unlock();
        }
    }

    /// How many more of this type may start now.
    int freeOf(TaskHandler handler) {
        lock.lock();
        try {
            int room = handler.concurrencyMax() - running.getOrDefault(handler.type(), 0);
            return Math.max(0, Math.min(room, workers - runningInAll));
        } finally {
            lock.unlock();
        }
    }

    /// How many more of all types may start now.
    int room() {
        lock.lock();
        try {
            return workers - runningInAll;
        } finally {
            lock.unlock();
        }
    }

    /// Tells that a claim took all that was free of some type, so more of it may wait.
    void hungry() {
        lock.lock();
        try {
            hungry = true;
        } finally {
            lock.unlock();
        }
    }

    void take(String type) {
        change(type, 1);
    }

    /// @return whether more may wait for the room that this makes
    boolean give(String type) {
        return change(type, -1);
    }

    private boolean change(String type, int by) {
        lock.lock();
        try {
            running.merge(type, by, Integer::sum);
            runningInAll += by;
            return hungry;
        } finally {
            lock.unlock();
        }
    }
}
