package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Saying;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/// [TaskStore] in PostgreSQL: each step of the engine is one statement over arrays, so a thousand tasks
/// cost one commit.
final class PostgresTaskStore implements TaskStore {

    /// Columns of a [ClaimedTask] of the table `t`.
    static final String CLAIMED = """
            t.owner, t.id, t.attempts, t.type, t.input::text as input, t.retry_count, t.max_retries, t.crash_recoveries,
            t.correlation, t.traceparent, extract(epoch from t.deadline - clock_timestamp()) * 1000 as deadline_in_ms,
            t.cancel_requested""";

    /// Makes what the part before it found in `ready` running.
    private static final String START = """
            update task t
            set status = 1, worker = :worker, attempts = t.attempts + 1, started_at = now(), updated = now(),
                lease_until = clock_timestamp() + :lease * interval '1 millisecond'
            from ready
            where t.owner = ready.owner and t.id = ready.id
            returning %s
            """.formatted(CLAIMED);

    /// Keys of a limit per key that one claim looks at: some milliseconds of work.
    private static final int KEYS_MAX = 1000;

    private final JdbcClient jdbc;
    private final JdbcClient engine;
    private final TransactionTemplate engineTransactions;
    private final TaskGraphStore graph;
    private final Map<String, String> keysAfter = new ConcurrentHashMap<>();

    /// @param jdbc   joins the caller's transaction
    /// @param engine for statements that are a transaction of their own
    PostgresTaskStore(JdbcClient jdbc, EngineConnections engine) {
        this.jdbc = requireNonNull(jdbc, "jdbc");
        this.engine = JdbcClient.create(engine.pool());
        this.engineTransactions = new TransactionTemplate(new JdbcTransactionManager(engine.pool()));
        this.graph = new TaskGraphStore(jdbc, this.engine, engineTransactions);
    }

    @Override
    public int accept(List<Acceptance> tasks) {
        // "on conflict do nothing" covers both the id (a repeat) and the unique key (one live task of a kind).
        return (inTransaction() ? jdbc : engine)
                .sql("""
                        insert into task (owner, id, type, priority, max_retries, run_at, deadline, description, correlation,
                                          traceparent, unique_key, input, metadata, level, limit_key)
                        select n.owner, n.id, n.type, n.priority, n.max_retries, coalesce(n.run_at, now()), n.deadline,
                               n.description, n.correlation, n.traceparent, n.unique_key, n.input::jsonb,
                               n.metadata::jsonb, n.level, n.limit_key
                        from unnest(:owners, :ids, :types, :priorities, :max_retries, :run_ats, :deadlines, :descriptions,
                                    :correlations, :traceparents, :unique_keys, :inputs, :metadata, :levels,
                                    :limit_keys)
                             as n(owner, id, type, priority, max_retries, run_at, deadline, description, correlation,
                                  traceparent, unique_key, input, metadata, level, limit_key)
                        on conflict do nothing
                        """)
                .param(
                        "deadlines",
                        array("timestamptz", tasks, a -> timestamp(a.task().deadline())))
                .param("unique_keys", array("text", tasks, a -> a.uniqueKey().orElse(null)))
                .param("limit_keys", array("text", tasks, a -> a.limitKey().orElse(null)))
                .params(columns(tasks))
                .update();
    }

    @Override
    public boolean acceptRunning(UUID worker, List<Acceptance> tasks, Duration lease) {
        // Without "on conflict", which costs a third more: an id that is there already refuses the statement.
        try {
            engine.sql("""
                            insert into task (owner, id, type, priority, max_retries, run_at, description, correlation,
                                              traceparent, input, metadata, level, status, attempts, worker, started_at, lease_until)
                            select n.owner, n.id, n.type, n.priority, n.max_retries, coalesce(n.run_at, now()),
                                   n.description, n.correlation, n.traceparent, n.input::jsonb, n.metadata::jsonb, n.level, 1, 1, :worker, now(),
                                   clock_timestamp() + :lease * interval '1 millisecond'
                            from unnest(:owners, :ids, :types, :priorities, :max_retries, :run_ats, :descriptions,
                                        :correlations, :traceparents, :inputs, :metadata, :levels)
                                 as n(owner, id, type, priority, max_retries, run_at, description, correlation,
                                      traceparent, input, metadata, level)
                            """)
                    .param("worker", worker)
                    .param("lease", lease.toMillis())
                    .params(columns(tasks))
                    .update();
            return true;
        } catch (DuplicateKeyException e) {
            return false;
        }
    }

    /// What both ways of accepting write of a task, a column each.
    private static Map<String, Object> columns(List<Acceptance> tasks) {
        return Map.ofEntries(
                Map.entry("owners", array("uuid", tasks, a -> a.task().owner().value())),
                Map.entry("ids", array("uuid", tasks, a -> a.task().id().value())),
                Map.entry("types", array("text", tasks, a -> a.task().type())),
                Map.entry("priorities", array("int2", tasks, a ->
                        (short) a.task().priority().number())),
                Map.entry("max_retries", array("int4", tasks, a -> a.task().maxRetries())),
                Map.entry(
                        "run_ats",
                        array("timestamptz", tasks, a -> timestamp(a.task().runAt()))),
                Map.entry("descriptions", array("text", tasks, a -> a.task().description())),
                Map.entry(
                        "correlations",
                        array("text", tasks, a -> a.task().correlation().orElse(null))),
                Map.entry("traceparents", array("text", tasks, PostgresTaskStore::traceparent)),
                Map.entry("inputs", array("text", tasks, a -> a.task().input())),
                Map.entry("metadata", array("text", tasks, Acceptance::metadata)),
                Map.entry("levels", array("int2", tasks, a -> (short) a.level())));
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
        // One bounded walk of task_ready for each type and level, most urgent first: neither tasks that are
        // scheduled
        // for later nor those of a type without room are ever touched. A type starts with the highest level that it
        // has, read from the end where the newest task stands, and is left out when it has none. "skip locked":
        // workers
        // don't wait for each other.
        return engine.sql("""
                        with ready as materialized (
                            select r.owner, r.id
                            from unnest(:types, :slots) as free(type, slots)
                            cross join lateral (
                                select w.level from task w where w.status = 0 and w.type = free.type
                                order by w.level desc, w.run_at desc, w.id desc
                                limit 1) as highest
                            cross join lateral (
                                select due.owner, due.id, due.level, due.run_at
                                from generate_series(highest.level::int, 0, -1) as l(level)
                                cross join lateral (
                                    select q.owner, q.id, q.level, q.run_at from task q
                                    where q.status = 0 and q.type = free.type and q.level = l.level::smallint
                                      and q.run_at <= now() and (q.deadline is null or q.deadline > now())
                                    order by q.run_at, q.id
                                    limit free.slots
                                    for update skip locked) due
                                limit free.slots) r
                            order by r.level desc, r.run_at, r.id
                            limit :max)
                        """ + START)
                .param("types", array("text", free, Map.Entry::getKey))
                .param("slots", array("int4", free, f -> (Object) Math.min(f.getValue(), max)))
                .param("max", max)
                .param("worker", worker)
                .param("lease", lease.toMillis())
                .query(PostgresTaskStore::claimed)
                .list();
    }

    @Override
    public List<ClaimedTask> claimThese(UUID worker, Collection<ReadyTask> tasks, Duration lease) {
        List<ReadyTask> wanted = List.copyOf(tasks);
        // By the primary key. "status + 0" keeps off the index of waiting tasks, which would be walked as a whole.
        return engine.sql("""
                        with ready as materialized (
                            select q.owner, q.id
                            from unnest(:owners, :ids, :types) as w(owner, id, type)
                            join task q on q.owner = w.owner and q.id = w.id
                            where q.status + 0 = 0 and q.type = w.type
                              and q.run_at <= now() and (q.deadline is null or q.deadline > now())
                            order by q.owner, q.id
                            for update of q skip locked)
                        """ + START)
                .param("owners", array("uuid", wanted, t -> t.owner().value()))
                .param("ids", array("uuid", wanted, t -> t.id().value()))
                .param("types", array("text", wanted, ReadyTask::type))
                .param("worker", worker)
                .param("lease", lease.toMillis())
                .query(PostgresTaskStore::claimed)
                .list();
    }

    @Override
    public Set<String> ready(Collection<String> types) {
        return new HashSet<>(engine.sql("""
                        select f.type from unnest(:types) as f(type)
                        where exists (
                            select 1 from generate_series(15, 0, -1) as l(level)
                            cross join lateral (
                                select 1 from task q
                                where q.status = 0 and q.type = f.type and q.level = l.level::smallint
                                  and q.run_at <= now()
                                limit 1) due)
                        """)
                .param("types", array("text", List.copyOf(types), t -> t))
                .query((row, _) -> row.getString(1))
                .list());
    }

    @Override
    public LimitedClaim claimLimited(UUID worker, String type, TaskLimits limits, int slots, Duration lease) {
        return requireNonNull(
                engineTransactions.execute(_ -> claimInTransaction(worker, type, limits, slots, lease)), "claim");
    }

    /// The row of the type is locked first, and what runs is counted by a later statement: so it is seen as it is.
    private LimitedClaim claimInTransaction(UUID worker, String type, TaskLimits limits, int slots, Duration lease) {
        engine.sql("insert into task_type (type) values (:type) on conflict do nothing")
                .param("type", type)
                .update();
        double tokens = tokens(type, limits);
        int max = (int) Math.min(slots, Math.floor(tokens));
        if (limits.everywhereMax().isPresent()) {
            max = (int) Math.min(max, limits.everywhereMax().getAsInt() - runningEverywhere(type));
        }
        List<ClaimedTask> claimed = max <= 0
                ? List.of()
                : limits.perKeyMax().isPresent()
                        ? claimByKey(worker, type, limits.perKeyMax().getAsInt(), max, lease)
                        : claim(worker, Map.of(type, max), max, lease);
        if (limits.startsPerSecond().isEmpty()) {
            return new LimitedClaim(claimed, Optional.empty());
        }
        double left = tokens - claimed.size();
        engine.sql("update task_type set tokens = :left, tokens_at = clock_timestamp() where type = :type")
                .param("left", left)
                .param("type", type)
                .update();
        double missing = Math.max(0, 1 - left);
        Duration until =
                Duration.ofNanos((long) (missing / limits.startsPerSecond().getAsDouble() * 1e9));
        return new LimitedClaim(claimed, left < 1 ? Optional.of(until) : Optional.empty());
    }

    /// Starts that the limit per second allows now, of which there are at most `burst`. Locks the row of the type.
    private double tokens(String type, TaskLimits limits) {
        double burst = limits.burst();
        double perSecond = limits.startsPerSecond().orElse(0);
        double tokens = engine.sql("""
                        select least(:burst, coalesce(tokens, :burst)
                            + :per_second * greatest(0, extract(epoch from clock_timestamp() - tokens_at)))
                        from task_type where type = :type for update
                        """)
                .param("burst", burst)
                .param("per_second", perSecond)
                .param("type", type)
                .query((row, _) -> {
                    double known = row.getDouble(1);
                    return row.wasNull() ? burst : known;
                })
                .single();
        return limits.startsPerSecond().isPresent() ? tokens : Double.MAX_VALUE;
    }

    private long runningEverywhere(String type) {
        return engine.sql("select count(*) from task where status = 1 and type = :type")
                .param("type", type)
                .query(Long.class)
                .single();
    }

    /// Goes from key to key by the index, so a key with much waiting and no room costs one look. More keys than
    /// [#KEYS_MAX] take turns.
    private List<ClaimedTask> claimByKey(UUID worker, String type, int perKey, int max, Duration lease) {
        String after = keysAfter.getOrDefault(type, "");
        List<String> last = engine.sql("""
                        with recursive keys(limit_key, place) as (
                            (select q.limit_key, 1 from task q
                             where q.status = 0 and q.type = :type and q.limit_key >= :after
                             order by q.limit_key limit 1)
                            union all
                            select n.limit_key, k.place + 1 from keys k
                            cross join lateral (
                                select q.limit_key from task q
                                where q.status = 0 and q.type = :type and q.limit_key > k.limit_key
                                order by q.limit_key limit 1) n
                            where k.place < :keys_max)
                        select limit_key from keys order by place
                        """)
                .param("type", type)
                .param("after", after)
                .param("keys_max", KEYS_MAX)
                .query((row, _) -> row.getString(1))
                .list();
        keysAfter.put(type, last.size() < KEYS_MAX ? "" : last.getLast());
        return engine.sql("""
                        with counts as materialized (
                            select t.limit_key, count(*) as running from task t
                            where t.status = 1 and t.type = :type and t.limit_key is not null
                            group by t.limit_key),
                        rooms as materialized (
                            select k.limit_key,
                                   case k.limit_key when '' then :max else :per_key - coalesce(c.running, 0) end as room
                            from unnest(:keys) as k(limit_key)
                            left join counts c on c.limit_key = k.limit_key),
                        ready as materialized (
                            select r.owner, r.id from rooms k
                            cross join lateral (
                                select q.owner, q.id, q.level, q.run_at from task q
                                where q.status = 0 and q.type = :type and q.limit_key = k.limit_key
                                  and q.run_at <= now() and (q.deadline is null or q.deadline > now())
                                order by q.level desc, q.run_at
                                limit greatest(0, least(k.room, :max))
                                for update skip locked) r
                            where k.room > 0
                            order by r.level desc, r.run_at, r.id
                            limit :max)
                        """ + START)
                .param("keys", array("text", last, k -> k))
                .param("type", type)
                .param("per_key", perKey)
                .param("max", max)
                .param("worker", worker)
                .param("lease", lease.toMillis())
                .query(PostgresTaskStore::claimed)
                .list();
    }

    @Override
    public int lift(Map<String, Integer> counts, Duration waited) {
        List<Map.Entry<String, Integer>> all = List.copyOf(counts.entrySet());
        return engine.sql("""
                        with late as materialized (
                            select r.owner, r.id from unnest(:types, :counts) as c(type, many)
                            cross join lateral (
                                select due.owner, due.id from generate_series(0, 14) as l(level)
                                cross join lateral (
                                    select q.owner, q.id, q.run_at from task q
                                    where q.status = 0 and q.type = c.type and q.level = l.level::smallint
                                      and q.run_at <= now() - :waited * interval '1 millisecond'
                                    order by q.run_at, q.id
                                    limit c.many
                                    for update skip locked) due
                                order by due.run_at, due.id
                                limit c.many) r)
                        update task t set level = 15 from late
                        where t.owner = late.owner and t.id = late.id and t.status = 0
                        """)
                .param("types", array("text", all, Map.Entry::getKey))
                .param("counts", array("int4", all, Map.Entry::getValue))
                .param("waited", waited.toMillis())
                .update();
    }

    @Override
    public Map<Backlogs.Key, Long> backlogs() {
        Map<Backlogs.Key, Long> counts = new HashMap<>();
        engine.sql("""
                        select owner, type, count(*) as waiting from task
                        where status = 0 and run_at <= now()
                        group by owner, type
                        """).query((ResultSet row) -> {
            counts.put(
                    new Backlogs.Key(new UserId(row.getObject("owner", UUID.class)), row.getString("type")),
                    row.getLong("waiting"));
        });
        return counts;
    }

    @Override
    public Set<String> paused() {
        return Set.copyOf(engine.sql("select type from task_type where paused_at is not null")
                .query((row, _) -> row.getString(1))
                .list());
    }

    @Override
    public Completed complete(List<Ending> endings) {
        List<Ending> completed = inOrder(endings, e -> e.task().lease());
        int counted = completeUnfollowed(completed);
        if (counted == completed.size()) {
            return new Completed(counted, List.of());
        }
        Completed followed = graph.completeFollowed(completed);
        return new Completed(counted + followed.counted(), followed.released());
    }

    /// Tasks that others follow are left out: their ends are more than one row.
    private int completeUnfollowed(List<Ending> completed) {
        // "status + 0" keeps the planner from the index of running tasks, which it takes for empty when its
        // statistics
        // are older than the queue, and would then read for each task anew.
        return engine.sql("""
                        update task t
                        set status = 2, completed_at = now(), updated = now(), lease_until = null, progress = 1,
                            result = e.result::jsonb, error_code = null, error_message = null
                        from unnest(:owners, :ids, :fences, :results) as e(owner, id, fence, result)
                        where t.owner = e.owner and t.id = e.id and t.attempts = e.fence and t.status + 0 = 1
                          and not t.followed
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
                            where t.owner = e.owner and t.id = e.id and t.attempts = e.fence
                              -- A task that waits for others is pending too.
                              and (t.status = e.from_status or (t.status = 6 and e.from_status = 0))
                              -- What its owner has cancelled neither waits again nor is cancelled unasked.
                              and (e.to_status <> 0 or not t.cancel_requested)
                              and (e.to_status <> 4 or t.cancel_requested)
                              -- One that was found late may have been given up by another worker, and sent back since.
                              and (e.from_status <> 0 or e.outcome <> 'deadline' or t.deadline <= now())
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
    public void log(List<LogLine> lines) {
        engine.sql("""
                        insert into task_log (owner, task, attempt, place, at, line)
                        select l.owner, l.task, l.attempt, l.place,
                               clock_timestamp() - l.age_ms * interval '1 millisecond', l.line
                        from unnest(:owners, :tasks, :attempts, :places, :ages, :lines)
                            as l(owner, task, attempt, place, age_ms, line)
                        on conflict do nothing
                        """)
                .param("owners", array("uuid", lines, l -> l.lease().owner().value()))
                .param("tasks", array("uuid", lines, l -> l.lease().task().value()))
                .param(
                        "attempts",
                        array("int4", lines, l -> Math.toIntExact(l.lease().fence())))
                .param("places", array("int4", lines, LogLine::place))
                .param("ages", array("int8", lines, l -> l.age().toMillis()))
                .param("lines", array("text", lines, LogLine::text))
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
        // What its owner cancelled meanwhile must not run again: its lease ends, and the sweep ends the task.
        return engine.sql("""
                        update task t
                        set status = case when t.cancel_requested then 1 else 0 end,
                            lease_until = case when t.cancel_requested then timestamptz '-infinity' end, updated = now()
                        where t.status = 1 and t.worker = :worker and not t.id = any(:known)
                        """)
                .param("worker", worker)
                .param("known", array("uuid", List.copyOf(known), l -> l.task().value()))
                .update();
    }

    @Override
    public List<ClaimedTask> expiredForGood(int crashesBefore, Set<String> unrepeatable, int max) {
        return engine.sql("""
                        select %s from task t
                        where t.status = 1 and t.lease_until < clock_timestamp()
                          and (t.cancel_requested or t.crash_recoveries >= :crashes_before or t.type = any(:unrepeatable))
                        limit :max
                        """.formatted(CLAIMED))
                .param("crashes_before", crashesBefore)
                .param("unrepeatable", array("text", List.copyOf(unrepeatable), t -> t))
                .param("max", max)
                .query(PostgresTaskStore::claimed)
                .list();
    }

    @Override
    public int reap(int crashesBefore, Set<String> unrepeatable, int max) {
        return engine.sql("""
                        with expired as materialized (
                            select q.owner, q.id from task q
                            where q.status = 1 and q.lease_until < clock_timestamp()
                              and not q.cancel_requested and q.crash_recoveries < :crashes_before
                              and not q.type = any(:unrepeatable)
                            limit :max
                            for update skip locked),
                        freed as (
                            update task t
                            set status = 0, lease_until = null, updated = now(), crash_recoveries = t.crash_recoveries + 1
                            from expired where t.owner = expired.owner and t.id = expired.id
                            returning t.owner, t.id, t.attempts, t.worker, t.started_at)
                        insert into task_attempt (owner, task, number, worker, started, outcome, error_code, error_message)
                        select owner, id, attempts, worker, started_at, 'lost', 'task_execution_failed',
                               cast(:silent as text)
                        from freed
                        """)
                .param("crashes_before", crashesBefore)
                .param("unrepeatable", array("text", List.copyOf(unrepeatable), t -> t))
                .param("max", max)
                .param("silent", Saying.WORKER_SILENT.english())
                .update();
    }

    @Override
    public List<ClaimedTask> pastDeadline(int max) {
        return engine.sql("""
                        (select %1$s from task t
                         where t.status = 0 and t.deadline is not null and t.deadline <= now()
                         order by t.deadline limit :max)
                        union all
                        (select %1$s from task t
                         where t.status = 6 and t.deadline is not null and t.deadline <= now()
                         order by t.deadline limit :max)
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
                            status = case t.status when 1 then 1 else 4 end,
                            completed_at = case when t.status <> 1 then now() end,
                            error_code = case t.status when 1 then t.error_code else 'task_cancelled' end,
                            error_message = case t.status when 1 then t.error_message
                                else 'Cancelled by its owner before it ran.' end
                        where t.owner = :owner and t.id = :id and t.status in (0, 1, 6)
                        returning t.status, %s
                        """.formatted(CLAIMED))
                .param("owner", owner.value())
                .param("id", task.value())
                .query(PostgresTaskStore::cancelled)
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
                        select (select count(*) from task where status = 0)
                                   + (select count(*) from task where status = 6) as waiting,
                               (select count(*) from task where status = 5) as dead
                        """)
                .query((row, _) -> new Sizes(row.getLong("waiting"), row.getLong("dead")))
                .single();
    }

    @Override
    public void lockGraph(UserId owner) {
        graph.lock(owner);
    }

    @Override
    public void lockIfLinked(UserId owner, TaskId task) {
        graph.lockIfLinked(owner, task);
    }

    @Override
    public Map<TaskId, TaskStatus> follow(UserId owner, Collection<TaskId> predecessors) {
        return graph.follow(owner, predecessors);
    }

    @Override
    public void hold(UserId owner, List<TaskEdge> edges) {
        graph.hold(owner, edges);
    }

    @Override
    public Map<TaskId, TaskLinks> links(UserId owner, Collection<TaskId> followers) {
        return graph.links(owner, followers);
    }

    @Override
    public Consequences ended(UserId owner, Collection<TaskId> tasks, TaskStatus status) {
        return graph.ended(owner, tasks, status);
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

    private static @Nullable String traceparent(Acceptance acceptance) {
        return acceptance.trace().map(TraceContext::header).orElse(null);
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

    /// A task that was marked as cancelled, with the status that it has now.
    static Cancelled cancelled(ResultSet row, int number) throws SQLException {
        ClaimedTask met = claimed(row, number);
        return row.getInt("status") == TaskStatus.RUNNING.number()
                ? new Cancelled.Running(met.lease())
                : new Cancelled.Waiting(met);
    }

    static ClaimedTask claimed(ResultSet row, int number) throws SQLException {
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
