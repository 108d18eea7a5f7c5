package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What tells this database's tasks from those of another that uses the same Redis.
final class TaskDispatchStore {

    private final JdbcClient jdbc;

    TaskDispatchStore(JdbcClient jdbc) {
        this.jdbc = requireNonNull(jdbc, "jdbc");
    }

    UUID space() {
        return jdbc.sql("select id from task_dispatch").query(UUID.class).single();
    }
}
