package dev.steward.database;

import dev.steward.base.ErrorCode;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;

/// Tells "the database can't answer just now" from every other failure of a statement, in the one place that knows how.
public final class DatabaseErrors {

    /// When a caller should come again: the database restarts within this time.
    public static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    /// Classes of SQL state (the first two characters) that mean it: connection, resources, intervention by an
    /// operator, the system beneath.
    /// Source: PostgreSQL manual, appendix A.
    private static final Set<String> STATES_UNAVAILABLE = Set.of("08", "53", "57", "58");

    /// In class 57: a statement that ran into its time limit, or was cancelled. The database is there.
    private static final String QUERY_CANCELLED = "57014";

    /// Serialization failure, deadlock, lock not available, time limit.
    private static final Set<String> STATES_PASSING = Set.of("40001", "40P01", "55P03", QUERY_CANCELLED);

    private static final int CAUSES_MAX = 20;

    private DatabaseErrors() {}

    /// The `service_unavailable` that callers should see in place of `failure`; empty when the database itself is well.
    public static Optional<StewardException> unavailable(Throwable failure) {
        @Nullable Throwable cause = failure;
        for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
            if (cause instanceof DatabaseStartException || isUnavailable(cause)) {
                return Optional.of(busy(failure));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    /// What callers should see whose statement may go well when it comes again, such as after a deadlock.
    public static StewardException busy(Throwable failure) {
        return new StewardException(
                ErrorCode.SERVICE_UNAVAILABLE,
                ErrorCode.SERVICE_UNAVAILABLE.status(),
                Saying.DATABASE_AWAY.said(),
                RETRY_AFTER,
                List.of(),
                failure);
    }

    /// Whether the statement lost against others, or took too long: it is right as it is and may come again. The
    /// database itself is well.
    public static boolean passing(Throwable failure) {
        @Nullable Throwable cause = failure;
        for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
            if (cause instanceof SQLException sql
                    && sql.getSQLState() != null
                    && STATES_PASSING.contains(sql.getSQLState())) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static boolean isUnavailable(Throwable cause) {
        if (cause instanceof CannotGetJdbcConnectionException || cause instanceof CannotCreateTransactionException) {
            return true; // It was never asked. The reason has no SQL state when the waiting thread was interrupted.
        }
        if (cause instanceof SQLTransientConnectionException || cause instanceof SQLRecoverableException) {
            return true; // The pool gave up waiting, as all connections are busy or none can be opened; or one broke.
        }
        if (!(cause instanceof SQLException sql)) {
            return false;
        }
        String state = sql.getSQLState();
        if (state == null || state.length() < 2) {
            return sql.getCause() instanceof IOException;
        }
        return STATES_UNAVAILABLE.contains(state.substring(0, 2)) && !state.equals(QUERY_CANCELLED);
    }
}
