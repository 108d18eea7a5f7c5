package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Cursor;
import dev.steward.base.FieldFault;
import dev.steward.base.Page;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Reads tasks for people.
final class TaskListStore {

    static final String COLUMNS = """
            t.id, t.owner, t.type, t.status, t.priority, t.description, t.created, t.updated, t.run_at, t.started_at,
            t.completed_at, t.deadline, t.attempts, t.retry_count, t.max_retries, t.crash_recoveries, t.replays,
            t.cancel_requested, t.progress, t.parent, t.correlation, t.unique_key, t.error_code, t.error_message, t.cause,
            t.fingerprint, t.input::text as input, t.metadata::text as metadata, t.result::text as result""";

    /// What a list of tasks can be sorted by, and the expression for it. Ids grow with the time of their making, so
    /// `created` needs no column of its own beside the key.
    private static final Map<String, String> SORTS = Map.of(
            "created", "t.id",
            "updated", "t.updated",
            "run_at", "t.run_at",
            "completed_at", "coalesce(t.completed_at, 'infinity')",
            "deadline", "coalesce(t.deadline, 'infinity')",
            "priority", "t.priority");

    // These name the owner by itself, not as that of the row: only then is the list of ids found once, by its index.
    private static final String IN_BATCH = """
            t.id in (
                select m.task from task_batch_member m where m.owner = :owner and m.batch = :batch
                union all
                select b.final_task from task_batch b where b.owner = :owner and b.id = :batch)""";

    // Open edges and those that are over have an index each.
    private static final String FOLLOWS = """
            t.id in (
                select e.follower from task_edge e where e.owner = :owner and e.predecessor = :after and e.open
                union all
                select e.follower from task_edge e where e.owner = :owner and e.predecessor = :after and not e.open)""";

    /// Lines of a task's log that are shown: those of the last five attempts or more.
    static final int LOG_LINES_MAX = 1000;

    private final JdbcClient jdbc;

    TaskListStore(JdbcClient jdbc) {
        this.jdbc = requireNonNull(jdbc, "jdbc");
    }

    /// Which tasks, in what order.
    ///
    /// @param owner       whose; empty: everybody's, but not by batch or by what they follow
    /// @param status      empty: any
    /// @param batch       what they were accepted with; its final task too
    /// @param parent      what they are a part of
    /// @param after       what they follow, whether they still wait for it or not
    /// @param sort        a key of [#SORTS]
    record Query(
            Optional<UserId> owner,
            Optional<TaskStatus> status,
            Optional<String> type,
            Optional<Priority> priority,
            Optional<UUID> batch,
            Optional<TaskId> parent,
            Optional<TaskId> after,
            Optional<String> fingerprint,
            Optional<String> cause,
            String sort,
            boolean descending,
            Optional<Cursor> cursor,
            int limit) {

        Query {
            if (owner.isEmpty() && (batch.isPresent() || after.isPresent())) {
                throw new IllegalArgumentException("batch and after are ids of one owner");
            }
        }
    }

    private record Row(Task task, String key) {}

    Page<Task> list(Query query) {
        String key = requireNonNull(SORTS.get(query.sort()), "sort");
        String type =
                query.sort().equals("created") ? "uuid" : query.sort().equals("priority") ? "smallint" : "timestamptz";
        String compare = query.descending() ? "<" : ">";
        String direction = query.descending() ? "desc" : "asc";
        var statement = jdbc.sql("select %s, (%s)::text as sort_key from task t where true".formatted(COLUMNS, key)
                        + query.owner().map(_ -> " and t.owner = :owner").orElse("")
                        + query.status().map(TaskListStore::statusIs).orElse("")
                        + query.type().map(_ -> " and t.type = :type").orElse("")
                        + query.priority()
                                .map(_ -> " and t.priority = :priority")
                                .orElse("")
                        + query.batch().map(_ -> " and " + IN_BATCH).orElse("")
                        + query.parent().map(_ -> " and t.parent = :parent").orElse("")
                        + query.after().map(_ -> " and " + FOLLOWS).orElse("")
                        + query.fingerprint()
                                .map(_ -> " and t.fingerprint = :fingerprint")
                                .orElse("")
                        + query.cause().map(_ -> " and t.cause = :cause").orElse("")
                        + query.cursor()
                                .map(_ -> " and (%s, t.id) %s (cast(:key as %s), :last)".formatted(key, compare, type))
                                .orElse("")
                        + " order by %s %s, t.id %s limit :limit".formatted(key, direction, direction))
                .param("limit", query.limit() + 1);
        if (query.owner().isPresent()) {
            statement = statement.param("owner", query.owner().get().value());
        }
        if (query.type().isPresent()) {
            statement = statement.param("type", query.type().get());
        }
        if (query.priority().isPresent()) {
            statement = statement.param("priority", query.priority().get().number());
        }
        if (query.batch().isPresent()) {
            statement = statement.param("batch", query.batch().get());
        }
        if (query.parent().isPresent()) {
            statement = statement.param("parent", query.parent().get().value());
        }
        if (query.after().isPresent()) {
            statement = statement.param("after", query.after().get().value());
        }
        if (query.fingerprint().isPresent()) {
            statement = statement.param("fingerprint", query.fingerprint().get());
        }
        if (query.cause().isPresent()) {
            statement = statement.param("cause", query.cause().get());
        }
        if (query.cursor().isPresent()) {
            statement = statement
                    .param("key", query.cursor().get().key())
                    .param("last", query.cursor().get().id());
        }
        List<Row> rows = rows(statement);
        Page<Row> page = Page.of(
                rows, query.limit(), r -> new Cursor(r.key(), r.task().id().value()));
        return new Page<>(page.items().stream().map(Row::task).toList(), page.nextCursor());
    }

    private static List<Row> rows(JdbcClient.StatementSpec statement) {
        try {
            return statement
                    .query((row, number) -> new Row(task(row, number), row.getString("sort_key")))
                    .list();
        } catch (DataIntegrityViolationException e) {
            // The only text that is cast is the cursor's: it is of another list, or made up.
            throw StewardException.invalid(
                    List.of(new FieldFault("cursor", "format", "use the next_cursor of the same list and sort")));
        }
    }

    /// As text, not as a parameter: only then can the planner use the index of that status.
    private static String statusIs(TaskStatus status) {
        return status == TaskStatus.PENDING
                ? " and t.status in (%d, %d)".formatted(status.number(), TaskStatus.HELD)
                : " and t.status = " + status.number();
    }

    Optional<Task> find(UserId owner, TaskId task) {
        return jdbc.sql("select %s from task t where t.owner = :owner and t.id = :id".formatted(COLUMNS))
                .param("owner", owner.value())
                .param("id", task.value())
                .query(TaskListStore::task)
                .optional();
    }

    /// The waiting or running task with this unique key.
    Optional<Task> findUnique(UserId owner, String type, String uniqueKey) {
        return jdbc.sql("""
                        select %s from task t
                        where t.owner = :owner and t.type = :type and t.unique_key = :unique_key
                          and t.status in (0, 1, 6)
                        """.formatted(COLUMNS))
                .param("owner", owner.value())
                .param("type", type)
                .param("unique_key", uniqueKey)
                .query(TaskListStore::task)
                .optional();
    }

    /// Makes a task that was just accepted in this transaction a part of another.
    void setParent(UserId owner, TaskId task, TaskId parent) {
        jdbc.sql("update task set parent = :parent where owner = :owner and id = :id and parent is null")
                .param("owner", owner.value())
                .param("id", task.value())
                .param("parent", parent.value())
                .update();
    }

    /// Every attempt, oldest first. The last one is in the task's own row when it completed the task or still
    /// runs.
    List<AttemptRecord> attempts(UserId owner, TaskId task) {
        return jdbc.sql("""
                        select a.number, a.worker, a.started, a.ended, a.outcome, a.error_code, a.error_message
                        from task_attempt a where a.owner = :owner and a.task = :id
                        union all
                        select t.attempts, t.worker, t.started_at, t.completed_at,
                               case t.status when 1 then 'running' else 'completed' end, null, null
                        from task t where t.owner = :owner and t.id = :id and t.status in (1, 2)
                        order by 1, 4
                        """)
                .param("owner", owner.value())
                .param("id", task.value())
                .query((row, _) -> new AttemptRecord(
                        row.getInt("number"),
                        Optional.ofNullable(row.getObject("worker", UUID.class)),
                        instant(row, "started"),
                        instant(row, "ended"),
                        row.getString("outcome"),
                        error(row)))
                .list();
    }

    /// What its attempts have told, oldest first; of more than [#LOG_LINES_MAX] lines the latest.
    List<LogLineView> log(UserId owner, TaskId task) {
        return jdbc.sql("""
                        select attempt, at, line from (
                            select attempt, place, at, line from task_log
                            where owner = :owner and task = :id
                            order by attempt desc, place desc
                            limit :max) as latest
                        order by attempt, place
                        """)
                .param("owner", owner.value())
                .param("id", task.value())
                .param("max", LOG_LINES_MAX)
                .query((row, _) -> new LogLineView(
                        row.getInt("attempt"), row.getTimestamp("at").toInstant(), row.getString("line")))
                .list();
    }

    /// Every time that the task was sent back to work, oldest first.
    List<ReplayRecord> replays(UserId owner, TaskId task) {
        return jdbc.sql("""
                        select number, at, actor, reason, cause, input_before
                        from task_replay where owner = :owner and task = :id
                        order by number
                        """)
                .param("owner", owner.value())
                .param("id", task.value())
                .query((row, _) -> new ReplayRecord(
                        row.getInt("number"),
                        row.getTimestamp("at").toInstant(),
                        row.getObject("actor", UUID.class),
                        row.getString("reason"),
                        Optional.ofNullable(row.getString("cause")),
                        Optional.ofNullable(row.getString("input_before"))))
                .list();
    }

    static Task task(ResultSet row, int number) throws SQLException {
        return new Task(
                new TaskId(row.getObject("id", UUID.class)),
                new UserId(row.getObject("owner", UUID.class)),
                row.getString("type"),
                TaskStatus.of(row.getInt("status")),
                Priority.of(row.getInt("priority")),
                row.getString("description"),
                row.getTimestamp("created").toInstant(),
                row.getTimestamp("updated").toInstant(),
                row.getTimestamp("run_at").toInstant(),
                instant(row, "started_at"),
                instant(row, "completed_at"),
                instant(row, "deadline"),
                row.getInt("attempts"),
                row.getInt("retry_count"),
                row.getInt("max_retries"),
                row.getInt("crash_recoveries"),
                row.getInt("replays"),
                row.getBoolean("cancel_requested"),
                row.getDouble("progress"),
                Optional.ofNullable(row.getObject("parent", UUID.class)).map(TaskId::new),
                Optional.ofNullable(row.getString("correlation")),
                Optional.ofNullable(row.getString("unique_key")),
                error(row),
                Optional.ofNullable(row.getString("cause")),
                Optional.ofNullable(row.getString("fingerprint")),
                row.getString("input"),
                row.getString("metadata"),
                Optional.ofNullable(row.getString("result")));
    }

    static Optional<Task.TaskError> error(ResultSet row) throws SQLException {
        String code = row.getString("error_code");
        @Nullable String message = row.getString("error_message");
        return code == null ? Optional.empty() : Optional.of(new Task.TaskError(code, message == null ? "" : message));
    }

    static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        Timestamp at = row.getTimestamp(column);
        return at == null ? Optional.empty() : Optional.of(at.toInstant());
    }
}
