package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

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

    /// Room that is held for a claim until it is known what the claim took.
    ///
    /// @param byType how many of each type; types without room, and those that processes have to agree about
    ///               ([TaskLimits#shared]), are not named
    /// @param inAll  how many of all types together
    /// @param full   the types without room
    record Held(Map<String, Integer> byType, int inAll, Set<String> full) {}

    /// Takes the room that there is now, at most `most`, for a claim of the types that are wanted.
    Held hold(int most, Predicate<String> wanted) {
        lock.lock();
        try {
            Map<String, Integer> held = new TreeMap<>();
            Set<String> full = new HashSet<>();
            int rest = Math.clamp(workers - runningInAll, 0, most);
            hungry = false;
            for (TaskHandler handler : handlers.all()) {
                if (handler.limits().shared()) {
                    continue;
                }
                int room = Math.min(handler.concurrencyMax() - running.getOrDefault(handler.type(), 0), rest);
                if (room <= 0) {
                    hungry = true;
                    full.add(handler.type());
                } else if (wanted.test(handler.type())) {
                    held.put(handler.type(), room);
                }
            }
            if (held.isEmpty()) {
                return new Held(held, 0, full);
            }
            held.forEach((type, room) -> running.merge(type, room, Integer::sum));
            runningInAll += rest;
            return new Held(held, rest, full);
        } finally {
            lock.unlock();
        }
    }

    /// The claim took so many of each type; the rest is free again.
    void took(Held held, Map<String, Integer> taken) {
        lock.lock();
        try {
            int takenInAll = 0;
            for (Map.Entry<String, Integer> one : held.byType().entrySet()) {
                int took = taken.getOrDefault(one.getKey(), 0);
                running.merge(one.getKey(), took - one.getValue(), Integer::sum);
                takenInAll += took;
            }
            runningInAll += takenInAll - held.inAll();
        } finally {
            lock.unlock();
        }
    }

    /// Takes room for one more of this type.
    ///
    /// @return whether there was any
    boolean tryTake(TaskHandler handler) {
        lock.lock();
        try {
            int now = running.getOrDefault(handler.type(), 0);
            if (now >= handler.concurrencyMax() || runningInAll >= workers) {
                return false;
            }
            running.put(handler.type(), now + 1);
            runningInAll++;
            return true;
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
