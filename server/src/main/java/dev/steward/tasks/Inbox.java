package dev.steward.tasks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Collects what many threads hand in, so that one thread can write it in few statements. What comes in while one
/// batch is being written makes up the next, so batches grow with the load and nobody waits without need.
///
/// Many threads may add; one takes.
final class Inbox<T> {

    private final ConcurrentLinkedQueue<T> items = new ConcurrentLinkedQueue<>();
    private final Bell bell = new Bell();

    void add(T item) {
        items.add(item);
        bell.ring();
    }

    /// Lets a waiting [#take] return at once.
    void wake() {
        bell.ring();
    }

    boolean isEmpty() {
        return items.isEmpty();
    }

    /// The next at most `max`, oldest first; empty when nothing came within `wait`.
    List<T> take(int max, Duration wait) throws InterruptedException {
        if (items.isEmpty()) {
            bell.await(wait.toNanos());
        }
        List<T> taken = new ArrayList<>();
        while (taken.size() < max) {
            T item = items.poll();
            if (item == null) {
                break;
            }
            taken.add(item);
        }
        return taken;
    }
}
