package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Language;
import dev.steward.base.Role;
import dev.steward.base.UserId;
import dev.steward.web.PageRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The table `account`.
final class AccountStore {

    /// Taken by whoever changes how many administrators there are, so that these changes happen one after another.
    private static final long ADMIN_LOCK = 0x5354_4557_0041L;

    /// An account with its password.
    record Stored(Account account, String password) {}

    private final JdbcClient jdbc;

    AccountStore(JdbcClient jdbc) {
        this.jdbc = requireNonNull(jdbc, "jdbc");
    }

    /// Held until the end of the transaction.
    void lockAdmins() {
        jdbc.sql("select pg_advisory_xact_lock(:lock)")
                .param("lock", ADMIN_LOCK)
                .query((_, _) -> true)
                .single();
    }

    /// Whether no person has an account yet; that of [LocalKey] is nobody's.
    boolean isEmpty() {
        return jdbc.sql("select not exists (select from account where email <> :local)")
                .param("local", LocalKey.ADDRESS.value())
                .query(Boolean.class)
                .single();
    }

    /// Whether a person besides `user` is an active administrator; the account of [LocalKey] is nobody's.
    boolean hasOtherAdmin(UserId user) {
        return jdbc.sql("""
                        select exists (
                            select from account where role = 'admin' and active and id <> :id and email <> :local)
                        """)
                .param("id", user.value())
                .param("local", LocalKey.ADDRESS.value())
                .query(Boolean.class)
                .single();
    }

    /// @return whether it was stored; if not, the address is taken
    boolean insert(UserId id, Email email, String displayName, String password, Role role) {
        return jdbc.sql("""
                                insert into account (id, email, display_name, password, role)
                                values (:id, :email, :displayName, :password, :role)
                                on conflict (email) do nothing
                                """)
                        .param("id", id.value())
                        .param("email", email.value())
                        .param("displayName", displayName)
                        .param("password", password)
                        .param("role", wire(role))
                        .update()
                == 1;
    }

    Optional<Stored> byEmail(Email email) {
        return jdbc.sql("""
                        select id, email, display_name, time_zone, language, role, active, created, updated, password
                        from account
                        where email = :email
                        """)
                .param("email", email.value())
                .query((row, _) -> new Stored(account(row), row.getString("password")))
                .optional();
    }

    Optional<Stored> byId(UserId id) {
        return jdbc.sql("""
                        select id, email, display_name, time_zone, language, role, active, created, updated, password
                        from account
                        where id = :id
                        """)
                .param("id", id.value())
                .query((row, _) -> new Stored(account(row), row.getString("password")))
                .optional();
    }

    void rename(UserId id, String displayName) {
        jdbc.sql("update account set display_name = :displayName, updated = now() where id = :id")
                .param("displayName", displayName)
                .param("id", id.value())
                .update();
    }

    void setTimeZone(UserId id, String timeZone) {
        jdbc.sql("update account set time_zone = :timeZone, updated = now() where id = :id")
                .param("timeZone", timeZone)
                .param("id", id.value())
                .update();
    }

    void setLanguage(UserId id, Language language) {
        jdbc.sql("update account set language = :language, updated = now() where id = :id")
                .param("language", language.tag())
                .param("id", id.value())
                .update();
    }

    void setPassword(UserId id, String password) {
        jdbc.sql("update account set password = :password, updated = now() where id = :id")
                .param("password", password)
                .param("id", id.value())
                .update();
    }

    void setRole(UserId id, Role role, boolean active) {
        jdbc.sql("update account set role = :role, active = :active, updated = now() where id = :id")
                .param("role", wire(role))
                .param("active", active)
                .param("id", id.value())
                .update();
    }

    /// Sessions, tokens and keys go with it.
    void delete(UserId id) {
        jdbc.sql("delete from account where id = :id").param("id", id.value()).update();
    }

    /// One row more than asked for, if there are more. The index `account_created` gives the order.
    List<Account> list(PageRequest page) {
        String compare = page.descending() ? "<" : ">";
        String order = page.descending() ? "desc" : "asc";
        return jdbc.sql("""
                        select id, email, display_name, time_zone, language, role, active, created, updated
                        from account
                        where (cast(:role as text) is null or role = :role)
                          and (cast(:email as text) is null or email = :email)
                          and (cast(:q as text) is null
                               or position(lower(:q) in lower(display_name || ' ' || email)) > 0)
                          and (cast(:afterId as uuid) is null
                               or (created, id) %s (cast(:after as timestamptz), :afterId))
                        order by created %s, id %s
                        limit :limit
                        """.formatted(compare, order, order))
                .param("role", page.filter("role").orElse(null))
                .param("email", page.filter("email").orElse(null))
                .param("q", page.filter("q").orElse(null))
                .param("after", Cursors.time(page).orElse(null))
                .param("afterId", Cursors.id(page).orElse(null))
                .param("limit", page.limit() + 1)
                .query((row, _) -> account(row))
                .list();
    }

    private static Account account(ResultSet row) throws SQLException {
        return new Account(
                new UserId(row.getObject("id", UUID.class)),
                row.getString("email"),
                row.getString("display_name"),
                Optional.ofNullable(row.getString("time_zone")),
                Optional.ofNullable(row.getString("language")).flatMap(Language::of),
                Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT)),
                row.getBoolean("active"),
                row.getObject("created", OffsetDateTime.class).toInstant(),
                row.getObject("updated", OffsetDateTime.class).toInstant());
    }

    private static String wire(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
