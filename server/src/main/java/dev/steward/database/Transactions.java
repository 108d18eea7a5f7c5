package dev.steward.database;

import static java.util.Objects.requireNonNull;

import java.util.function.Supplier;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Runs work in one database transaction, so that rooms can write together without knowing Spring. Work that is
/// called inside such work joins it; any exception undoes all of it and travels on.
///
/// Safe for use by many threads.
public final class Transactions {

    private final TransactionOperations operations;

    /// @param operations joins a running transaction; [TransactionOperations#withoutTransaction] in tests with
    ///                   fakes
    public Transactions(TransactionOperations operations) {
        this.operations = requireNonNull(operations, "operations");
    }

    /// Commits when `work` returns and gives what it returned.
    public <T> T inOne(Supplier<T> work) {
        return requireNonNull(operations.execute(_ -> work.get()), "work in a transaction returned nothing");
    }

    /// Runs `action` once what was written so far is committed: at once outside of a transaction, never after a
    /// rollback.
    public void afterCommit(Runnable action) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            action.run();
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                action.run();
            }
        });
    }
}
