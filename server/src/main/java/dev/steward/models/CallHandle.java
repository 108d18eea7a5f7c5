package dev.steward.models;

import dev.steward.base.ErrorCode;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// By which a call is cancelled from any thread, wherever it is: waiting for room, for a retry, or for the backend.
final class CallHandle {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition told = lock.newCondition();
    private @Nullable LiveCall call;
    private @Nullable Thread waiter;
    private boolean cancelled;
    private boolean busy;

    /// Something that waits and can be interrupted.
    interface Waiting<T> {
        T run() throws InterruptedException;
    }

    /// Cancels. Returns whether nobody is at work on the call, so that it is the caller's to tidy up.
    boolean cancel() {
        lock.lock();
        try {
            if (cancelled) {
                return false;
            }
            cancelled = true;
            told.signalAll();
            if (waiter != null) {
                waiter.interrupt();
            }
            if (call != null) {
                call.cancel();
            }
            return !busy;
        } finally {
            lock.unlock();
        }
    }

    /// The caller's thread goes to work.
    ///
    /// @throws ModelException the call was cancelled
    void begin() {
        lock.lock();
        try {
            if (cancelled) {
                throw cancellation();
            }
            busy = true;
        } finally {
            lock.unlock();
        }
    }

    /// The caller's thread is done for now. Returns whether the call was cancelled meanwhile.
    boolean end() {
        lock.lock();
        try {
            busy = false;
            return cancelled;
        } finally {
            lock.unlock();
        }
    }

    static ModelException cancellation() {
        return new ModelException(
                ModelException.Kind.CONNECTION, ErrorCode.TASK_CANCELLED, "The answer was cancelled.", null, null);
    }

    boolean cancelled() {
        lock.lock();
        try {
            return cancelled;
        } finally {
            lock.unlock();
        }
    }

    /// From now on, cancelling ends this call, at once if that was asked for already.
    void attach(LiveCall next) {
        lock.lock();
        try {
            call = next;
            if (cancelled) {
                next.cancel();
            }
        } finally {
            lock.unlock();
        }
    }

    void detach() {
        lock.lock();
        try {
            call = null;
        } finally {
            lock.unlock();
        }
    }

    /// Waits; returns early, with `false`, when cancelled.
    boolean sleep(Duration time) throws InterruptedException {
        lock.lock();
        try {
            long left = time.toNanos();
            while (!cancelled && left > 0) {
                left = told.awaitNanos(left);
            }
            return !cancelled;
        } finally {
            lock.unlock();
        }
    }

    /// Runs something that waits; cancelling interrupts it.
    <T> T interruptibly(Waiting<T> waiting) throws InterruptedException, CancelledException {
        enter();
        try {
            return waiting.run();
        } catch (InterruptedException e) {
            if (cancelled()) {
                throw new CancelledException();
            }
            throw e;
        } finally {
            leave();
        }
    }

    private void enter() throws CancelledException {
        lock.lock();
        try {
            if (cancelled) {
                throw new CancelledException();
            }
            waiter = Thread.currentThread();
        } finally {
            lock.unlock();
        }
    }

    private void leave() {
        lock.lock();
        try {
            waiter = null;
            if (cancelled) {
                // Only we interrupted: the flag must not outlive the wait.
                Thread.interrupted();
            }
        } finally {
            lock.unlock();
        }
    }

    /// The call was cancelled while it waited.
    static final class CancelledException extends Exception {
        private static final long serialVersionUID = 1L;

        CancelledException() {
            super("cancelled", null, false, false);
        }
    }
}
