package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Permission;
import dev.steward.base.Role;
import dev.steward.base.UserId;
import dev.steward.web.PageRequest;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The table `api_key`.
final class ApiKeyStore {

    /// A live key with its owner's role.
    @SuppressWarnings("ArrayRecordComponent") // a row, never compared
    record Holder(UUID id, UserId user, Role role, Set<Permission> scopes, byte[] hash) {}

    private final JdbcClient jdbc;

    ApiKeyStore(JdbcClient jdbc) {
        this.jdbc = requireNonNull(jdbc, "jdbc");
    }

    /// @return whether it was stored; if not, there is one of this id already
    boolean insert(ApiKey key, UserId owner, byte[] hash) {
        return jdbc.sql("""
                                insert into api_key (id, owner, name, handle, hash, scopes, expires)
                                values (:id, :owner, :name, :handle, :hash, string_to_array(:scopes, ','), :expires)
                                on conflict (id) do nothing
                                """)
                        .param("id", key.id())
                        .param("owner", owner.value())
                        .param("name", key.name())
                        .param("handle", key.handle())
                        .param("hash", hash)
                        .param(
                                "scopes",
                                key.scopes().stream()
                                        .map(ApiKeyStore::wire)
                                        .sorted()
                                        .collect(Collectors.joining(",")))
                        .param(
                                "expires",
                                key.expiresAt()
                                        .map(time -> time.atOffset(ZoneOffset.UTC))
                                        .orElse(null))
                        .update()
                == 1;
    }

    int count(UserId owner) {
        return jdbc.sql("select count(*) from api_key where owner = :owner")
                .param("owner", owner.value())
                .query(Integer.class)
                .single();
    }

    /// A key that stands, and whose account does.
    Optional<Holder> byHandle(String handle) {
        return jdbc.sql("""
                        select k.id, k.owner, a.role, k.scopes, k.hash
                        from api_key k join account a on a.id = k.owner
                        where k.handle = :handle and a.active and (k.expires is null or k.expires > now())
                        """)
                .param("handle", handle)
                .query((row, _) -> new Holder(
                        row.getObject("id", UUID.class),
                        new UserId(row.getObject("owner", UUID.class)),
                        Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT)),
                        scopes(row.getArray("scopes")),
                        row.getBytes("hash")))
                .optional();
    }

    /// Whether there is such a key that can be used now.
    boolean stands(UUID id) {
        return jdbc.sql("""
                        select exists (
                            select from api_key k join account a on a.id = k.owner
                            where k.id = :id and a.active and (k.expires is null or k.expires > now()))
                        """).param("id", id).query(Boolean.class).single();
    }

    Optional<ApiKey> byId(UUID id, UserId owner) {
        return jdbc.sql("""
                        select id, name, handle, scopes, created, expires, last_used
                        from api_key
                        where id = :id and owner = :owner
                        """)
                .param("id", id)
                .param("owner", owner.value())
                .query((row, _) -> key(row))
                .optional();
    }

    /// One row more than asked for, if there are more. The index `api_key_owner` gives the order.
    List<ApiKey> list(UserId owner, PageRequest page) {
        String compare = page.descending() ? "<" : ">";
        String order = page.descending() ? "desc" : "asc";
        return jdbc.sql("""
                        select id, name, handle, scopes, created, expires, last_used
                        from api_key
                        where owner = :owner
                          and (cast(:afterId as uuid) is null
                               or (created, id) %s (cast(:after as timestamptz), :afterId))
                        order by created %s, id %s
                        limit :limit
                        """.formatted(compare, order, order))
                .param("owner", owner.value())
                .param("after", Cursors.time(page).orElse(null))
                .param("afterId", Cursors.id(page).orElse(null))
                .param("limit", page.limit() + 1)
                .query((row, _) -> key(row))
                .list();
    }

    /// @return whether there was one of this owner
    boolean delete(UUID id, UserId owner) {
        return jdbc.sql("delete from api_key where id = :id and owner = :owner")
                        .param("id", id)
                        .param("owner", owner.value())
                        .update()
                == 1;
    }

    /// Notes that a key was used; at most once a minute, whoever asks.
    void touch(UUID id) {
        jdbc.sql("""
                        update api_key set last_used = date_trunc('minute', now())
                        where id = :id and (last_used is null or last_used < date_trunc('minute', now()))
                        """).param("id", id).update();
    }

    private static ApiKey key(ResultSet row) throws SQLException {
        return new ApiKey(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("handle"),
                scopes(row.getArray("scopes")),
                row.getObject("created", OffsetDateTime.class).toInstant(),
                Optional.ofNullable(row.getObject("expires", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant),
                Optional.ofNullable(row.getObject("last_used", OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant));
    }

    private static Set<Permission> scopes(Array array) throws SQLException {
        return Arrays.stream((String[]) array.getArray())
                .map(name -> Permission.valueOf(name.toUpperCase(Locale.ROOT)))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static String wire(Permission permission) {
        return permission.name().toLowerCase(Locale.ROOT);
    }
}
