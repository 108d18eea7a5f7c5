package dev.steward.database;

import dev.steward.config.Home;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;

/// A process of its own that runs the embedded server and writes rows without end, telling each one that was confirmed
/// on its output. Made to be killed.
public final class WritingSteward {

    private WritingSteward() {}

    public static void main(String[] arguments) throws Exception {
        var server =
                new EmbeddedPostgres(new Home(Path.of(arguments[0])), Postmaster.Options.SAFE, new SilentListener());
        server.await();
        server.provide();
        try (Connection connection = server.connections(EmbeddedPostgres.ROLE, EmbeddedPostgres.ROLE)
                        .getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table if not exists confirmed (id bigint generated always as identity)");
            System.out.println("postmaster "
                    + PostmasterPid.read(Path.of(arguments[0], "database", "data"))
                            .orElseThrow()
                            .pid());
            while (true) {
                try (ResultSet row = statement.executeQuery("insert into confirmed default values returning id")) {
                    row.next();
                    System.out.println(row.getLong(1));
                }
            }
        }
    }
}
