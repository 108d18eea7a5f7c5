package dev.steward.resilience;

import static java.util.Objects.requireNonNull;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Table `breaker`.
final class BreakerStore implements BreakerMemory {

    private final JdbcClient jdbc;

    BreakerStore(JdbcClient jdbc) {
        this.jdbc = requireNonNull(jdbc, "jdbc");
    }

    @Override
    public List<SavedBreaker> load() {
        // The limit is the most that Breakers holds; the ones that changed last count.
        return jdbc.sql("""
                select name, state, failure_count, last_failure, open_until
                from breaker
                order by updated desc
                limit :max
                """)
                .param("max", Breakers.BREAKERS_MAX)
                .query(BreakerStore::breaker)
                .list();
    }

    @Override
    public void save(List<SavedBreaker> breakers) {
        for (SavedBreaker breaker : breakers) {
            jdbc.sql("""
                    insert into breaker (name, state, failure_count, last_failure, open_until)
                    values (:name, :state, :failures, :lastFailure, :openUntil)
                    on conflict (name) do update
                    set state = excluded.state,
                        failure_count = excluded.failure_count,
                        last_failure = excluded.last_failure,
                        open_until = excluded.open_until,
                        updated = clock_timestamp()
                    """)
                    .param("name", breaker.name())
                    .param("state", breaker.state().name())
                    .param("failures", breaker.failureCount())
                    .param("lastFailure", sqlTime(breaker.lastFailure()))
                    .param("openUntil", sqlTime(breaker.openUntil()))
                    .update();
        }
    }

    private static SavedBreaker breaker(ResultSet row, int number) throws SQLException {
        return new SavedBreaker(
                row.getString("name"),
                CircuitBreaker.State.valueOf(row.getString("state")),
                row.getInt("failure_count"),
                time(row, "last_failure"),
                time(row, "open_until"));
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static @Nullable OffsetDateTime sqlTime(@Nullable Instant time) {
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }
}
