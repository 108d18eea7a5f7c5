package dev.steward.schedules;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The table `calendar_feed`.
final class CalendarFeedStore {

    private final JdbcClient jdbc;

    CalendarFeedStore(JdbcClient jdbc) {
        this.jdbc = requireNonNull(jdbc, "jdbc");
    }

    /// @param readAt when it was read last, to the hour
    record Feed(Instant created, Optional<Instant> readAt) {}

    Optional<Feed> find(UserId owner) {
        return jdbc.sql("select created, read_at from calendar_feed where owner = :owner")
                .param("owner", owner.value())
                .query((row, _) -> feed(row))
                .optional();
    }

    /// Makes the person's feed; one that was there has another address from now on.
    void put(UserId owner, byte[] token) {
        jdbc.sql("""
                        insert into calendar_feed (owner, token) values (:owner, :token)
                        on conflict (owner) do update set token = excluded.token, created = now(), read_at = null
                        """).param("owner", owner.value()).param("token", token).update();
    }

    void delete(UserId owner) {
        jdbc.sql("delete from calendar_feed where owner = :owner")
                .param("owner", owner.value())
                .update();
    }

    /// Whose feed this is; an account that was deactivated has none.
    Optional<UserId> owner(byte[] token) {
        return jdbc.sql("""
                        select f.owner from calendar_feed f join account a on a.id = f.owner
                         where f.token = :token and a.active
                        """).param("token", token).query(UUID.class).optional().map(UserId::new);
    }

    /// At most once an hour, so that a program that asks each minute writes little.
    void read(UserId owner) {
        jdbc.sql("""
                        update calendar_feed set read_at = now()
                         where owner = :owner and (read_at is null or read_at < now() - interval '1 hour')
                        """).param("owner", owner.value()).update();
    }

    private static Feed feed(ResultSet row) throws SQLException {
        OffsetDateTime read = row.getObject("read_at", OffsetDateTime.class);
        return new Feed(
                row.getObject("created", OffsetDateTime.class).toInstant(),
                Optional.ofNullable(read).map(OffsetDateTime::toInstant));
    }
}
