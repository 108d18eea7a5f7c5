package dev.steward.database;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/// Brings the tables to the form that this version of Steward works with. Forward only; several Stewards that start at
/// once wait for each other.
final class Migrations {

    /// A migration that waits longer for a lock fails, and lets those go on who wait behind it.
    private static final String LOCK_TIMEOUT = "10s";

    private Migrations() {}

    /// @param source of connections without time limits on statements
    /// @return how many migrations were applied
    /// @throws DatabaseStartException a migration failed and was rolled back
    static int apply(DataSource source) {
        try {
            return Flyway.configure()
                    .dataSource(source)
                    .locations("classpath:db/migration")
                    .initSql("set lock_timeout = '" + LOCK_TIMEOUT + "'")
                    .validateMigrationNaming(true)
                    // Each room has numbers of its own: a new one may be lower than what a database has already.
                    .outOfOrder(true)
                    .load()
                    .migrate()
                    .migrationsExecuted;
        } catch (FlywayException e) {
            throw new DatabaseStartException(
                    "The database could not be brought to this version's form; what was in it is unchanged. "
                            + firstLine(e),
                    e);
        }
    }

    private static String firstLine(FlywayException e) {
        return String.valueOf(e.getMessage())
                .lines()
                .map(String::strip)
                .filter(l -> !l.isEmpty())
                .findFirst()
                .orElse("");
    }
}
