package dev.steward.database;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Secret;
import dev.steward.config.Section;
import dev.steward.config.Setting;
import java.util.Optional;

/// Which PostgreSQL Steward uses. Nothing set: one of its own, which it starts and supervises.
///
/// @param url     of another PostgreSQL, as `postgres://` or `jdbc:postgresql://`; may hold a password
/// @param poolMax connections that Steward opens at most
public record DatabaseConfig(
        @Setting("URL of an external PostgreSQL 15 or later, such as postgres://user:password@host:5432/steward;"
                + " empty: the embedded PostgreSQL.")
        Optional<Secret> url,

        @Setting("User at the external PostgreSQL, where the URL names none.")
        Optional<String> user,

        @Setting("Password at the external PostgreSQL, where the URL names none.")
        Optional<Secret> password,

        @Setting(value = "Most connections that Steward opens, 4 to 500.", fallback = "16")
        int poolMax) {

    public static final Section<DatabaseConfig> SECTION = new Section<>("database", DatabaseConfig.class);

    static final int POOL_MIN = 4;
    static final int POOL_LIMIT = 500;

    public DatabaseConfig {
        requireNonNull(user, "user");
        requireNonNull(password, "password");
        url.ifPresent(u -> DatabaseUrl.parse(u.value()));
        if (url.isEmpty() && (user.isPresent() || password.isPresent())) {
            throw new IllegalArgumentException("user and password belong to an external PostgreSQL: set url too");
        }
        if (poolMax < POOL_MIN || poolMax > POOL_LIMIT) {
            throw new IllegalArgumentException(
                    "pool_max must be " + POOL_MIN + " to " + POOL_LIMIT + ", was " + poolMax);
        }
    }

    /// The settings of a fresh installation: the embedded PostgreSQL.
    public static DatabaseConfig embedded() {
        return new DatabaseConfig(Optional.empty(), Optional.empty(), Optional.empty(), 16);
    }
}
