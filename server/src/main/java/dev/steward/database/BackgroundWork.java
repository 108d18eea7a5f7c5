package dev.steward.database;

import java.util.Optional;

/// Work that nobody holds a request open for, such as an attempt at a task. It is done within a share of the pool's
/// connections ([ConnectionShares]), so that however much of it there is, and whatever it waits for in the database,
/// requests still find one. The mark belongs to the thread that does the work, for as long as it does.
public final class BackgroundWork {

    private static final ScopedValue<String> KIND = ScopedValue.newInstance();

    private BackgroundWork() {}

    /// Does `work` as background work of this kind, such as a type of tasks; each kind has a share of its own.
    public static <T, X extends Throwable> T of(String kind, ScopedValue.CallableOp<T, X> work) throws X {
        return ScopedValue.where(KIND, kind).call(work);
    }

    /// What this thread is doing; empty: something that somebody waits for.
    static Optional<String> kind() {
        return KIND.isBound() ? Optional.of(KIND.get()) : Optional.empty();
    }
}
