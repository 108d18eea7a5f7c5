package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Role;
import dev.steward.base.UserId;
import dev.steward.web.PageRequest;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The tables `session` and `refresh_token`. All times are in database time.
final class SessionStore {

    /// Whose a live session is, and what they may do now.
    record Holder(UserId user, Role role) {}

    /// A refresh token that was shown.
    ///
    /// @param live        whether its session stands
    /// @param usedJustNow whether it was used within the grace time
    /// @param childUnused whether the token that it gave has not been used
    record Shown(UUID session, UserId user, String client, boolean live, boolean usedJustNow, boolean childUnused) {}

    private final JdbcClient jdbc;

    SessionStore(JdbcClient jdbc) {
        this.jdbc = requireNonNull(jdbc, "jdbc");
    }

    void insert(UUID id, UserId owner, String client, String address, Duration longest) {
        jdbc.sql("""
                        insert into session (id, owner, client, address, expires)
                        values (:id, :owner, :client, :address, now() + make_interval(secs => :seconds))
                        """)
                .param("id", id)
                .param("owner", owner.value())
                .param("client", client)
                .param("address", address)
                .param("seconds", longest.toSeconds())
                .update();
    }

    void insertToken(byte[] hash, UUID session) {
        jdbc.sql("insert into refresh_token (hash, session) values (:hash, :session)")
                .param("hash", hash)
                .param("session", session)
                .update();
    }

    /// Whose the session is, if it and its account stand.
    Optional<Holder> holder(UUID session) {
        return jdbc.sql("""
                        select a.id, a.role
                        from session s join account a on a.id = s.owner
                        where s.id = :session and s.revoked is null and s.expires > now() and a.active
                        """)
                .param("session", session)
                .query((row, _) -> new Holder(
                        new UserId(row.getObject("id", UUID.class)),
                        Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT))))
                .optional();
    }

    /// Uses a token, once: of many at the same time one gets the session, the others nothing. The row lock of the
    /// update is what decides.
    ///
    /// @param idle how long a token may stay unused
    Optional<UUID> use(byte[] hash, byte[] child, Duration idle) {
        return jdbc.sql("""
                        update refresh_token t
                        set used = now(), child = :child
                        from session s join account a on a.id = s.owner
                        where t.hash = :hash and t.used is null
                          and t.created > now() - make_interval(secs => :idle)
                          and s.id = t.session and s.revoked is null and s.expires > now() and a.active
                        returning t.session
                        """)
                .param("hash", hash)
                .param("child", child)
                .param("idle", idle.toSeconds())
                .query(UUID.class)
                .optional();
    }

    Optional<Shown> find(byte[] hash, Duration grace, Duration idle) {
        return jdbc.sql("""
                        select t.session, s.owner, s.client,
                               s.revoked is null and s.expires > now() and a.active
                                   and t.created > now() - make_interval(secs => :idle) as live,
                               coalesce(t.used > now() - make_interval(secs => :grace), false) as used_just_now,
                               coalesce(c.used is null and c.hash is not null, false) as child_unused
                        from refresh_token t
                        join session s on s.id = t.session
                        join account a on a.id = s.owner
                        left join refresh_token c on c.hash = t.child
                        where t.hash = :hash
                        """)
                .param("hash", hash)
                .param("grace", grace.toSeconds())
                .param("idle", idle.toSeconds())
                .query((row, _) -> new Shown(
                        row.getObject("session", UUID.class),
                        new UserId(row.getObject("owner", UUID.class)),
                        row.getString("client"),
                        row.getBoolean("live"),
                        row.getBoolean("used_just_now"),
                        row.getBoolean("child_unused")))
                .optional();
    }

    void touch(UUID session) {
        jdbc.sql("update session set last_used = now() where id = :id")
                .param("id", session)
                .update();
    }

    /// @return whether there was a live one of this owner
    boolean revoke(UUID session, UserId owner) {
        return jdbc.sql("""
                                update session set revoked = now()
                                where id = :id and owner = :owner and revoked is null and expires > now()
                                """).param("id", session).param("owner", owner.value()).update() == 1;
    }

    /// Revokes all sessions of an owner but one.
    ///
    /// @param except the id of no session revokes all
    void revokeAll(UserId owner, UUID except) {
        jdbc.sql("update session set revoked = now() where owner = :owner and id <> :except and revoked is null")
                .param("owner", owner.value())
                .param("except", except)
                .update();
    }

    /// Live ones, one row more than asked for, if there are more. The index `session_owner` gives the order.
    List<Session> list(UserId owner, UUID current, PageRequest page) {
        String compare = page.descending() ? "<" : ">";
        String order = page.descending() ? "desc" : "asc";
        return jdbc.sql("""
                        select id, client, address, created, last_used, expires
                        from session
                        where owner = :owner and revoked is null and expires > now()
                          and (cast(:afterId as uuid) is null
                               or (created, id) %s (cast(:after as timestamptz), :afterId))
                        order by created %s, id %s
                        limit :limit
                        """.formatted(compare, order, order))
                .param("owner", owner.value())
                .param("after", Cursors.time(page).orElse(null))
                .param("afterId", Cursors.id(page).orElse(null))
                .param("limit", page.limit() + 1)
                .query((row, _) -> {
                    UUID id = row.getObject("id", UUID.class);
                    return new Session(
                            id,
                            row.getString("client"),
                            row.getString("address"),
                            row.getObject("created", OffsetDateTime.class).toInstant(),
                            row.getObject("last_used", OffsetDateTime.class).toInstant(),
                            row.getObject("expires", OffsetDateTime.class).toInstant(),
                            id.equals(current));
                })
                .list();
    }

    /// Deletes sessions a week after their end, and with them their tokens: until then a stolen token is
    /// recognised.
    int deleteEnded(int rowsMax) {
        return jdbc.sql("""
                        delete from session
                        where id in (
                            select id from session
                            where expires < now() - interval '7 days' or revoked < now() - interval '7 days'
                            limit :rowsMax
                            for update skip locked)
                        """).param("rowsMax", rowsMax).update();
    }
}
