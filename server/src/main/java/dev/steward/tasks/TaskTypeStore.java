package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Which types are paused, by whom and since when; and how many tasks of each wait and run.
final class TaskTypeStore {

    /// Changes that are shown.
    private static final int CHANGES_MAX = 200;

    private final JdbcClient jdbc;

    TaskTypeStore(JdbcClient jdbc) {
        this.jdbc = requireNonNull(jdbc, "jdbc");
    }

    /// @param reason for whoever looks later
    record Pause(Instant since, UserId by, String reason) {}

    /// @param waiting due or for later
    record Counts(long waiting, long running) {

        static final Counts NONE = new Counts(0, 0);
    }

    /// Somebody paused or resumed a type, or [TaskStore#EVERY_TYPE].
    record Change(String type, String action, UserId actor, Instant at, String reason) {}

    /// Pauses; the reason of one that is paused already stays.
    ///
    /// @return whether it was not paused before
    boolean pause(String type, UserId actor, String reason) {
        boolean changed = jdbc.sql("""
                        insert into task_type (type, paused_at, paused_by, pause_reason) values (:type, now(), :actor, :reason)
                        on conflict (type) do update set paused_at = now(), paused_by = :actor, pause_reason = :reason
                        where task_type.paused_at is null
                        """)
                        .param("type", type)
                        .param("actor", actor.value())
                        .param("reason", reason)
                        .update()
                > 0;
        if (changed) {
            record(type, "pause", actor, reason);
        }
        return changed;
    }

    /// @return whether it was paused before
    boolean resume(String type, UserId actor, String reason) {
        boolean changed = jdbc.sql("""
                        update task_type set paused_at = null, paused_by = null, pause_reason = null
                        where type = :type and paused_at is not null
                        """).param("type", type).update() > 0;
        if (changed) {
            record(type, "resume", actor, reason);
        }
        return changed;
    }

    private void record(String type, String action, UserId actor, String reason) {
        jdbc.sql("insert into task_type_change (type, action, actor, reason) values (:type, :action, :actor, :reason)")
                .param("type", type)
                .param("action", action)
                .param("actor", actor.value())
                .param("reason", reason)
                .update();
    }

    Map<String, Pause> pauses() {
        Map<String, Pause> pauses = new HashMap<>();
        jdbc.sql("select type, paused_at, paused_by, pause_reason from task_type where paused_at is not null")
                .query(row -> {
                    pauses.put(
                            row.getString("type"),
                            new Pause(
                                    row.getTimestamp("paused_at").toInstant(),
                                    new UserId(row.getObject("paused_by", UUID.class)),
                                    row.getString("pause_reason")));
                });
        return pauses;
    }

    /// By type; types with nothing are left out. Reads the indexes of waiting and running tasks.
    Map<String, Counts> counts() {
        Map<String, Counts> counts = new HashMap<>();
        jdbc.sql("""
                        select type, count(*) filter (where status in (0, 6)) as waiting,
                               count(*) filter (where status = 1) as running
                        from task where status in (0, 1, 6) group by type
                        """).query(row -> {
            counts.put(row.getString("type"), new Counts(row.getLong("waiting"), row.getLong("running")));
        });
        return counts;
    }

    /// Newest first.
    List<Change> changes() {
        return jdbc.sql("select type, action, actor, at, reason from task_type_change order by id desc limit :max")
                .param("max", CHANGES_MAX)
                .query((row, _) -> new Change(
                        row.getString("type"),
                        row.getString("action"),
                        new UserId(row.getObject("actor", UUID.class)),
                        row.getTimestamp("at").toInstant(),
                        row.getString("reason")))
                .list();
    }
}
