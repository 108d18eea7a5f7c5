package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import dev.steward.telemetry.TraceContext;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// [TaskStore] in PostgreSQL: each step of the engine is one statement over arrays, so a thousand tasks
/// cost one
/// commit.
final class PostgresTaskStore implements TaskStore {

    /// Columns of a [ClaimedTask] of the table `t`.
    private static final String CLAIMED = """
            t.owner, t.id, t.attempts, t.type, t.input::text as input, t.retry_count, t.max_retries, t.crash_recoveries,
            t.correlation, t.traceparent, extract(epoch from t.deadline - clock_timestamp()) * 1000 as deadline_in_ms,
            t.cancel_requested""";

    private final JdbcClient jdbc;
    private final JdbcClient engine;

    /// @param jdbc   joins the caller's transaction
    /// @param engine for statements that are a transaction of their own
    PostgresTaskStore(JdbcClient jdbc, EngineConnections engine) {
        this.jdbc = requireNonNull(jdbc, "jdbc");
        this.engine = JdbcClient.create(engine.pool());
    }

    @Override
    public int accept(List<Acceptance> tasks) {
        // "on conflict do nothing" covers both the id (a repeat) and the unique key (one live task of a kind).
        return (inTransaction() ? jdbc : engine)
                .sql("""
                        insert into task (owner, id, type, priority, max_retries, run_at, deadline, description, correlation,
                                          traceparent, unique_key, input, metadata)
                        select n.owner, n.id, n.type, n.priority, n.max_retries, coalesce(n.run_at, now()), n.deadline,
                               n.description, n.correlation, n.traceparent, n.unique_key, n.input::jsonb,
                               n.metadata::jsonb
                        from unnest(:owners, :ids, :types, :priorities, :max_retries, :run_ats, :deadlines, :descriptions,
                                    :correlations, :traceparents, :unique_keys, :inputs, :metadata)
                             as n(owner, id, type, priority, max_retries, run_at, deadline, description, correlation,
                                  traceparent, unique_key, input, metadata)
                        on conflict do nothing
                        """)
                .param("owners", array("uuid", tasks, a -> a.task().owner().value()))
                .param("ids", array("uuid", tasks, a -> a.task().id().value()))
                .param("types", array("text", tasks, a -> a.task().type()))
                .param("priorities", array("int2", tasks, a ->
                        (short) a.task().priority().number()))
                .param("max_retries", array("int4", tasks, a -> a.task().maxRetries()))
                .param(
                        "run_ats",
                        array("timestamptz", tasks, a -> timestamp(a.task().runAt())))
                .param(
                        "deadlines",
                        array("timestamptz", tasks, a -> timestamp(a.task().deadline())))
                .param("descriptions", array("text", tasks, a -> a.task().description()))
                .param(
                        "correlations",
                        array("text", tasks, a -> a.task().correlation().orElse(null)))
                .param(
                        "traceparents",
                        array(
                                "text",
                                tasks,
                                a -> a.trace().map(TraceContext::header).orElse(null)))
                .param("unique_keys", array("text", tasks, a -> a.uniqueKey().orElse(null)))
                .param("inputs", array("text", tasks, a -> a.task().input()))
                .param("metadata", array("text", tasks, Acceptance::metadata))
                .update();
    }

    @Override
    public boolean inTransaction() {
        return TransactionSynchronizationManager.isActualTransactionActive();
    }

    @Override
    public void afterCommit(Runnable action) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            action.run();
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                action.run();
            }
        });
    }

    @Override
    public List<ClaimedTask> claim(UUID worker, Map<String, Integer> slots, int max, Duration lease) {
        List<Map.Entry<String, Integer>> free = List.copyOf(slots.entrySet());
        // One bounded walk of task_ready for each type and priority, most urgent first: neither tasks that are
        // scheduled
        // for later nor those of a type without room are ever touched. "skip locked": workers don't wait for each
        // other.
        return engine.sql("""
                        with ready as materialized (
                            select r.owner, r.id
                            from unnest(:types, :slots) as free(type, slots)
                            cross join lateral (
                                select due.owner, due.id, due.priority, due.run_at
                                from (values (3::smallint), (2::smallint), (1::smallint), (0::smallint)) as p(priority)
                                cross join lateral (
                                    select q.owner, q.id, q.priority, q.run_at from task q
                                    where q.status = 0 and q.type = free.type and q.priority = p.priority
                                      and q.run_at <= now() and (q.deadline is null or q.deadline > now())
                                    order by q.run_at, q.id
                                    limit free.slots
                                    for update skip locked) due
                                limit free.slots) r
                            order by r.priority desc, r.run_at, r.id
                            limit :max)
                        update task t
                        set status = 1, worker = :worker, attempts = t.attempts + 1, started_at = now(), updated = now(),
                            lease_until = clock_timestamp() + :lease * interval '1 millisecond'
                        from ready
                        where t.owner = ready.owner and t.id = ready.id
                        returning %s
                        """.formatted(CLAIMED))
                .param("types", array("text", free, Map.Entry::getKey))
                .param("slots", array("int4", free, f -> (Object) Math.min(f.getValue(), max)))
                .param("max", max)
                .param("worker", worker)
                .param("lease", lease.toMillis())
                .query(PostgresTaskStore::claimed)
                .list();
    }

    @Override
    public int complete(List<Ending> endings) {
        List<Ending> completed = inOrder(endings, e -> e.task().lease());
        // "status + 0" keeps the planner from the index of running tasks, which it takes for empty when its statistics
        // are older than the queue, and would then read for each task anew.
        return engine.sql("""
                        update task t
                        set status = 2, completed_at = now(), updated = now(), lease_until = null, progress = 1,
                            result = e.result::jsonb, error_code = null, error_message = null
                        from unnest(:owners, :ids, :fences, :results) as e(owner, id, fence, result)
                        where t.owner = e.owner and t.id = e.id and t.attempts = e.fence and t.status + 0 = 1
                        """)
                .param(
                        "owners",
                        array("uuid", completed, e -> e.task().lease().owner().value()))
                .param(
                        "ids",
                        array("uuid", completed, e -> e.task().lease().task().value()))
                .param("fences", array("int4", completed, PostgresTaskStore::fence))
                .param("results", array("text", completed, Ending::result))
                .update();
    }

    @Override
    public Set<Lease> end(List<Ending> unordered) {
        List<Ending> endings = inOrder(unordered, e -> e.task().lease());
        return new HashSet<>((inTransaction() ? jdbc : engine)
                .sql("""
                        with e as materialized (
                            select * from unnest(:owners, :ids, :fences, :froms, :tos, :outcomes, :delays, :failed, :codes,
                                                 :messages, :causes, :fingerprints)
                                as e(owner, id, fence, from_status, to_status, outcome, delay_ms, failed, code, message,
                                     cause, fingerprint)),
                        ended as (
                            update task t
                            set status = e.to_status, updated = now(), lease_until = null,
                                run_at = case when e.to_status = 0
                                    then clock_timestamp() + e.delay_ms * interval '1 millisecond' else t.run_at end,
                                completed_at = case when e.to_status = 0 then null else now() end,
                                retry_count = t.retry_count + e.failed,
                                -- The handler had its say, so the worker lived: an attempt that ends is no crash.
                                crash_recoveries = case when e.outcome = 'lost' then t.crash_recoveries + 1
                                    when e.outcome = 'released' then t.crash_recoveries else 0 end,
                                error_code = coalesce(e.code, t.error_code),
                                error_message = coalesce(e.message, t.error_message),
                                cause = e.cause, fingerprint = e.fingerprint
                            from e
                            where t.owner = e.owner and t.id = e.id and t.attempts = e.fence and t.status = e.from_status
                              -- What its owner has cancelled neither waits again nor is cancelled unasked.
                              and (e.to_status <> 0 or not t.cancel_requested)
                              and (e.to_status <> 4 or t.cancel_requested)
                            returning t.owner, t.id, t.attempts, t.worker, t.started_at, e.from_status, e.outcome, e.code,
                                      e.message),
                        history as (
                            insert into task_attempt (owner, task, number, worker, started, outcome, error_code, error_message)
                            select owner, id, attempts, worker, started_at, outcome, code, message from ended
                            where from_status = 1 and outcome <> 'postponed')
                        select owner, id, attempts from ended
                        """)
                .param(
                        "owners",
                        array("uuid", endings, e -> e.task().lease().owner().value()))
                .param(
                        "ids",
                        array("uuid", endings, e -> e.task().lease().task().value()))
                .param("fences", array("int4", endings, PostgresTaskStore::fence))
                .param("froms", array("int2", endings, e -> (short) e.from().number()))
                .param("tos", array("int2", endings, e -> (short) e.to().number()))
                .param("outcomes", array("text", endings, e -> e.outcome().wire()))
                .param("delays", array("int8", endings, e -> e.delay().toMillis()))
                .param("failed", array("int4", endings, e -> e.failed() && e.from() == TaskStatus.RUNNING ? 1 : 0))
                .param(
                        "codes",
                        array(
                                "text",
                                endings,
                                e -> e.code() == null ? null : e.code().wire()))
                .param("messages", array("text", endings, e -> storable(e.message())))
                .param(
                        "causes",
                        array(
                                "text",
                                endings,
                                e -> e.cause() == null ? null : e.cause().wire()))
                .param("fingerprints", array("text", endings, e -> e.cause() == null ? null : e.fingerprint()))
                .query(PostgresTaskStore::lease)
                .list());
    }

    @Override
    public Map<Lease, Boolean> beat(UUID worker, Collection<Lease> leases, Duration lease) {
        engine.sql("update worker set seen = now() where id = :worker")
                .param("worker", worker)
                .update();
        Map<Lease, Boolean> held = new HashMap<>();
        if (leases.isEmpty()) {
            return held;
        }
        List<Lease> all = inOrder(leases, l -> l);
        // No indexed column changes, so this is a change within the page (HOT) for each task.
        engine.sql("""
                        update task t
                        set lease_until = clock_timestamp() + :lease * interval '1 millisecond'
                        from unnest(:owners, :ids, :fences) as l(owner, id, fence)
                        where t.owner = l.owner and t.id = l.id and t.attempts = l.fence and t.status + 0 = 1
                        returning t.owner, t.id, t.attempts, t.cancel_requested
                        """)
                .param("lease", lease.toMillis())
                .param("owners", array("uuid", all, l -> l.owner().value()))
                .param("ids", array("uuid", all, l -> l.task().value()))
                .param("fences", array("int4", all, l -> Math.toIntExact(l.fence())))
                .query((ResultSet row) -> {
                    held.put(lease(row, 0), row.getBoolean("cancel_requested"));
                });
        return held;
    }

    @Override
    public void progress(Map<Lease, Double> done) {
        List<Map.Entry<Lease, Double>> all = inOrder(done.entrySet(), Map.Entry::getKey);
        engine.sql("""
                        update task t
                        set progress = greatest(t.progress, p.done), updated = now(),
                            crash_recoveries = case when p.done > t.progress then 0 else t.crash_recoveries end
                        from unnest(:owners, :ids, :fences, :done) as p(owner, id, fence, done)
                        where t.owner = p.owner and t.id = p.id and t.attempts = p.fence and t.status + 0 = 1
                        """)
                .param("owners", array("uuid", all, p -> p.getKey().owner().value()))
                .param("ids", array("uuid", all, p -> p.getKey().task().value()))
                .param(
                        "fences",
                        array("int4", all, p -> Math.toIntExact(p.getKey().fence())))
                .param("done", array("float4", all, p -> p.getValue().floatValue()))
                .update();
    }

    @Override
    public void join(UUID worker, String home) {
        jdbc.sql("insert into worker (id, home) values (:worker, :home) on conflict (id) do nothing")
                .param("worker", worker)
                .param("home", home)
                .update();
        jdbc.sql("""
                        with former as (
                            update worker set stopped = now()
                            where home = :home and stopped is null and id <> :worker
                            returning id)
                        update task t set lease_until = '-infinity' from former where t.worker = former.id and t.status = 1
                        """).param("worker", worker).param("home", home).update();
    }

    @Override
    public void leave(UUID worker) {
        jdbc.sql("update worker set stopped = now() where id = :worker")
                .param("worker", worker)
                .update();
    }

    @Override
    public int releaseUnknown(UUID worker, Collection<Lease> known) {
        return engine.sql("""
                        update task t set status = 0, lease_until = null, updated = now()
                        where t.status = 1 and t.worker = :worker and not t.id = any(:known)
                        """)
                .param("worker", worker)
                .param("known", array("uuid", List.copyOf(known), l -> l.task().value()))
                .update();
    }

    @Override
    public List<ClaimedTask> expiredForGood(int crashesBefore, int max) {
        return engine.sql("""
                        select %s from task t
                        where t.status = 1 and t.lease_until < clock_timestamp()
                          and (t.cancel_requested or t.crash_recoveries >= :crashes_before)
                        limit :max
                        """.formatted(CLAIMED))
                .param("crashes_before", crashesBefore)
                .param("max", max)
                .query(PostgresTaskStore::claimed)
                .list();
    }

    @Override
    public int reap(int crashesBefore, int max) {
        return engine.sql("""
                        with expired as materialized (
                            select q.owner, q.id from task q
                            where q.status = 1 and q.lease_until < clock_timestamp()
                              and not q.cancel_requested and q.crash_recoveries < :crashes_before
                            limit :max
                            for update skip locked),
                        freed as (
                            update task t
                            set status = 0, lease_until = null, updated = now(), crash_recoveries = t.crash_recoveries + 1
                            from expired where t.owner = expired.owner and t.id = expired.id
                            returning t.owner, t.id, t.attempts, t.worker, t.started_at)
                        insert into task_attempt (owner, task, number, worker, started, outcome, error_code, error_message)
                        select owner, id, attempts, worker, started_at, 'lost', 'task_execution_failed',
                               'The worker that ran this attempt gave no sign of life any more.'
                        from freed
                        """)
                .param("crashes_before", crashesBefore)
                .param("max", max)
                .update();
    }

    @Override
    public List<ClaimedTask> pastDeadline(int max) {
        return engine.sql("""
                        select %s from task t
                        where t.status = 0 and t.deadline is not null and t.deadline <= now()
                        order by t.deadline
                        limit :max
                        """.formatted(CLAIMED))
                .param("max", max)
                .query(PostgresTaskStore::claimed)
                .list();
    }

    @Override
    public Cancelled cancel(UserId owner, TaskId task) {
        return jdbc.sql("""
                        update task t
                        set cancel_requested = true, updated = now(),
                            status = case t.status when 0 then 4 else 1 end,
                            completed_at = case t.status when 0 then now() end,
                            error_code = case t.status when 0 then 'task_cancelled' else t.error_code end,
                            error_message = case t.status when 0 then 'Cancelled by its owner before it ran.'
                                else t.error_message end
                        where t.owner = :owner and t.id = :id and t.status in (0, 1)
                        returning t.status, %s
                        """.formatted(CLAIMED))
                .param("owner", owner.value())
                .param("id", task.value())
                .query((row, number) -> {
                    ClaimedTask met = claimed(row, number);
                    return row.getInt("status") == TaskStatus.RUNNING.number()
                            ? new Cancelled.Running(met.lease())
                            : new Cancelled.Waiting(met);
                })
                .optional()
                .orElseGet(Cancelled.Nothing::new);
    }

    @Override
    public void hurry(Collection<TaskId> tasks) {
        // By id alone, so this reads the whole index of waiting tasks: rare, and small beside what it sets going.
        jdbc.sql("""
                        update task t set run_at = now(), updated = now()
                        where t.status = 0 and t.run_at > now() and t.id = any(:ids)
                        """)
                .param("ids", array("uuid", List.copyOf(tasks), TaskId::value))
                .update();
    }

    @Override
    public Sizes sizes() {
        return engine.sql("""
                        select (select count(*) from task where status = 0) as waiting,
                               (select count(*) from task where status = 5) as dead
                        """)
                .query((row, _) -> new Sizes(row.getLong("waiting"), row.getLong("dead")))
                .single();
    }

    /// Statements that change many running tasks do it in one order, so that two of them never wait for
    /// each other.
    private static <T> List<T> inOrder(Collection<T> rows, Function<T, Lease> lease) {
        return rows.stream()
                .sorted(Comparator.comparing(row -> lease.apply(row).task().value()))
                .toList();
    }

    private static Integer fence(Ending ending) {
        return Math.toIntExact(ending.task().lease().fence());
    }

    @SuppressWarnings("NullAway") // An SQL array may hold nulls, though the driver's annotations don't say so.
    private static <T> SqlArrayValue array(String type, List<T> rows, Function<T, @Nullable Object> value) {
        Object[] values = new Object[rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value.apply(rows.get(i));
        }
        return new SqlArrayValue(type, values);
    }

    private static @Nullable Timestamp timestamp(Optional<Instant> instant) {
        return instant.map(Timestamp::from).orElse(null);
    }

    /// PostgreSQL texts can't hold U+0000.
    private static @Nullable String storable(@Nullable String text) {
        return text == null ? null : text.replace('\0', '\uFFFD');
    }

    private static Lease lease(ResultSet row, int number) throws SQLException {
        return new Lease(
                new UserId(row.getObject("owner", UUID.class)),
                new TaskId(row.getObject("id", UUID.class)),
                row.getInt("attempts"));
    }

    private static ClaimedTask claimed(ResultSet row, int number) throws SQLException {
        double deadlineInMs = row.getDouble("deadline_in_ms");
        Optional<Duration> deadlineIn =
                row.wasNull() ? Optional.empty() : Optional.of(Duration.ofMillis((long) deadlineInMs));
        return new ClaimedTask(
                lease(row, number),
                row.getString("type"),
                row.getString("input"),
                row.getInt("retry_count"),
                row.getInt("max_retries"),
                row.getInt("crash_recoveries"),
                Optional.ofNullable(row.getString("correlation")),
                Optional.ofNullable(row.getString("traceparent")).flatMap(TraceContext::parse),
                deadlineIn,
                row.getBoolean("cancel_requested"));
    }
}
