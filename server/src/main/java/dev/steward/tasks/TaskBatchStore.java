package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Cursor;
import dev.steward.base.FieldFault;
import dev.steward.base.Page;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;

/// Which tasks were accepted together.
final class TaskBatchStore {

    private static final String READ = """
            select b.id, b.description, b.created, b.size, b.final_task, b.cancelled, c.*
            from task_batch b
            cross join lateral (
                select count(*) filter (where t.status in (0, 6)) as pending,
                       count(*) filter (where t.status = 1) as running,
                       count(*) filter (where t.status = 2) as completed,
                       count(*) filter (where t.status = 3) as failed,
                       count(*) filter (where t.status = 4) as cancelled_tasks,
                       count(*) filter (where t.status = 5) as dead,
                       coalesce(sum(t.progress) filter (where t.status = 1), 0) as reported,
                       max(t.completed_at) as last_end
                from task_batch_member m
                join task t on t.owner = m.owner and t.id = m.task
                where m.owner = b.owner and m.batch = b.id) c
            where b.owner = :owner""";

    private final JdbcClient jdbc;

    TaskBatchStore(JdbcClient jdbc) {
        this.jdbc = requireNonNull(jdbc, "jdbc");
    }

    /// @return whether it was new
    boolean create(UserId owner, UUID id, String description, int size, Optional<TaskId> finalTask) {
        return jdbc.sql("""
                        insert into task_batch (owner, id, description, size, final_task)
                        values (:owner, :id, :description, :size, :final)
                        on conflict do nothing
                        """)
                        .param("owner", owner.value())
                        .param("id", id)
                        .param("description", description)
                        .param("size", size)
                        .param("final", finalTask.map(TaskId::value).orElse(null))
                        .update()
                > 0;
    }

    /// @param names of the tasks, in their order; empty for one without
    void addMembers(UserId owner, UUID id, List<TaskId> tasks, List<String> names) {
        jdbc.sql("""
                        insert into task_batch_member (owner, batch, place, task, name)
                        select :owner, :id, m.place, m.task, m.name
                        from unnest(:places, :tasks, :names) as m(place, task, name)
                        """)
                .param("owner", owner.value())
                .param("id", id)
                .param(
                        "places",
                        new SqlArrayValue(
                                "int4", IntStream.range(0, tasks.size()).boxed().toArray()))
                .param("tasks", ids(tasks))
                .param("names", new SqlArrayValue("text", names.toArray()))
                .update();
    }

    Optional<BatchView> find(UserId owner, UUID id) {
        return jdbc.sql(READ + " and b.id = :id")
                .param("owner", owner.value())
                .param("id", id)
                .query(TaskBatchStore::view)
                .optional();
    }

    /// By id, which grows with the time of their making.
    Page<BatchView> list(UserId owner, boolean descending, Optional<Cursor> cursor, int limit) {
        var statement = jdbc.sql(READ
                        + (cursor.isEmpty() ? "" : descending ? " and b.id < :last" : " and b.id > :last")
                        + (descending ? " order by b.id desc" : " order by b.id")
                        + " limit :limit")
                .param("owner", owner.value())
                .param("limit", limit + 1);
        if (cursor.isPresent()) {
            statement = statement.param("last", cursor.get().id());
        }
        return Page.of(statement.query(TaskBatchStore::view).list(), limit, b -> new Cursor("", b.id()));
    }

    /// A task of a batch.
    record Member(int place, String name, Task task) {}

    /// In the order in which they were sent.
    Page<Member> members(UserId owner, UUID id, Optional<Cursor> cursor, int limit) {
        List<Member> members = jdbc.sql("""
                        select m.place, m.name, %s from task_batch_member m
                        join task t on t.owner = m.owner and t.id = m.task
                        where m.owner = :owner and m.batch = :id and m.place > :last
                        order by m.place limit :limit
                        """.formatted(TaskListStore.COLUMNS))
                .param("owner", owner.value())
                .param("id", id)
                .param("last", cursor.map(TaskBatchStore::place).orElse(-1))
                .param("limit", limit + 1)
                .query((row, number) ->
                        new Member(row.getInt("place"), row.getString("name"), TaskListStore.task(row, number)))
                .list();
        return Page.of(
                members,
                limit,
                m -> new Cursor(String.valueOf(m.place()), m.task().id().value()));
    }

    private static int place(Cursor cursor) {
        try {
            return Integer.parseInt(cursor.key());
        } catch (NumberFormatException e) {
            throw StewardException.invalid(
                    List.of(new FieldFault("cursor", "format", "use the next_cursor of the same list and sort")));
        }
    }

    /// Which of these tasks belong to a batch, as its final one too.
    Map<TaskId, UUID> batchesOf(UserId owner, Collection<TaskId> tasks) {
        Map<TaskId, UUID> batches = new HashMap<>();
        jdbc.sql("""
                        select m.task, m.batch from task_batch_member m
                        where m.owner = :owner and m.task = any(:ids)
                        union all
                        select b.final_task, b.id from task_batch b
                        where b.owner = :owner and b.final_task = any(:ids)
                        """).param("owner", owner.value()).param("ids", ids(tasks)).query((ResultSet row) -> {
            batches.put(new TaskId(row.getObject(1, UUID.class)), row.getObject(2, UUID.class));
        });
        return batches;
    }

    /// What these batches are called.
    Map<UUID, DeadLetterView.BatchName> named(UserId owner, Collection<UUID> ids) {
        Map<UUID, DeadLetterView.BatchName> names = new HashMap<>();
        jdbc.sql("select b.id, b.description from task_batch b where b.owner = :owner and b.id = any(:ids)")
                .param("owner", owner.value())
                .param("ids", new SqlArrayValue("uuid", ids.toArray()))
                .query((ResultSet row) -> {
                    UUID id = row.getObject("id", UUID.class);
                    names.put(id, new DeadLetterView.BatchName(id, row.getString("description")));
                });
        return names;
    }

    /// Marks what waits of it, its final task too, as cancelled, and asks for the cancelling of what runs.
    List<TaskStore.Cancelled> cancel(UserId owner, UUID id) {
        jdbc.sql("update task_batch set cancelled = true where owner = :owner and id = :id")
                .param("owner", owner.value())
                .param("id", id)
                .update();
        // Locked in the order in which endings are written, so that the two don't wait for each other.
        return jdbc.sql("""
                        with live as materialized (
                            select t.owner, t.id from task t
                            where t.owner = :owner and t.status in (0, 1, 6)
                              and t.id in (
                                select m.task from task_batch_member m where m.owner = :owner and m.batch = :id
                                union all
                                select b.final_task from task_batch b where b.owner = :owner and b.id = :id)
                            order by t.id
                            for update)
                        update task t
                        set cancel_requested = true, updated = now(),
                            status = case t.status when 1 then 1 else 4 end,
                            completed_at = case when t.status <> 1 then now() end,
                            error_code = case t.status when 1 then t.error_code else 'task_cancelled' end,
                            error_message = case t.status when 1 then t.error_message
                                else 'Cancelled by its owner before it ran.' end
                        from live where t.owner = live.owner and t.id = live.id
                        returning t.status, %s
                        """.formatted(PostgresTaskStore.CLAIMED))
                .param("owner", owner.value())
                .param("id", id)
                .query(PostgresTaskStore::cancelled)
                .list();
    }

    private static BatchView view(ResultSet row, int number) throws SQLException {
        var counts = new BatchView.Counts(
                row.getLong("pending"),
                row.getLong("running"),
                row.getLong("completed"),
                row.getLong("failed"),
                row.getLong("cancelled_tasks"),
                row.getLong("dead"));
        int size = row.getInt("size");
        long live = counts.pending() + counts.running();
        return new BatchView(
                row.getObject("id", UUID.class),
                row.getString("description"),
                row.getTimestamp("created").toInstant(),
                live == 0 ? TaskListStore.instant(row, "last_end").orElse(null) : null,
                BatchView.status(counts),
                size,
                counts,
                (size - live + row.getDouble("reported")) / size,
                row.getObject("final_task", UUID.class),
                row.getBoolean("cancelled"));
    }

    private static SqlArrayValue ids(Collection<TaskId> tasks) {
        return new SqlArrayValue("uuid", tasks.stream().map(TaskId::value).toArray());
    }
}
