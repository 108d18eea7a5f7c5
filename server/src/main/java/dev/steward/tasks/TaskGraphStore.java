package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import dev.steward.tasks.TaskStore.Consequences;
import dev.steward.tasks.TaskStore.Released;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.transaction.support.TransactionTemplate;

/// Which task follows which, in PostgreSQL: the part of [PostgresTaskStore] that only tasks with followers need.
///
/// Edges are changed under a lock of their owner, taken before any row of a task: so two predecessors that end at
/// once, on whichever nodes, see each other's end, and no two transactions wait for each other in a circle. All is
/// read anew after the lock is there, by statements of their own: a statement sees what was committed when it began.
final class TaskGraphStore {

    /// Tells this room's locks from others. The second half of the key is a hash of the owner; two owners that share
    /// one wait for each other, no more.
    private static final int LOCK_CLASS = 0x67726170;

    private final JdbcClient jdbc;
    private final JdbcClient engine;
    private final TransactionTemplate engineTransactions;

    /// @param jdbc   joins the caller's transaction
    /// @param engine for transactions of `engineTransactions`
    TaskGraphStore(JdbcClient jdbc, JdbcClient engine, TransactionTemplate engineTransactions) {
        this.jdbc = requireNonNull(jdbc, "jdbc");
        this.engine = requireNonNull(engine, "engine");
        this.engineTransactions = requireNonNull(engineTransactions, "engineTransactions");
    }

    void lock(UserId owner) {
        jdbc.sql("select pg_advisory_xact_lock(:class, hashtext(cast(:owner as text)))")
                .param("class", LOCK_CLASS)
                .param("owner", owner.value().toString())
                .query((_, _) -> true)
                .list();
    }

    void lockIfLinked(UserId owner, TaskId task) {
        jdbc.sql("""
                        select pg_advisory_xact_lock(:class, hashtext(t.owner::text)) from task t
                        where t.owner = :owner and t.id = :id and (t.followed or t.status = 6)
                        """)
                .param("class", LOCK_CLASS)
                .param("owner", owner.value())
                .param("id", task.value())
                .query((_, _) -> true)
                .list();
    }

    Map<TaskId, TaskStatus> follow(UserId owner, Collection<TaskId> predecessors) {
        SqlArrayValue ids = ids(predecessors);
        // An ending that is being written at this moment is waited for here, and seen by the next statement. One
        // that is written later finds the mark.
        jdbc.sql("""
                        update task t set followed = true
                        where t.owner = :owner and t.id = any(:ids) and t.status in (0, 1, 5, 6) and not t.followed
                        """).param("owner", owner.value()).param("ids", ids).update();
        Map<TaskId, TaskStatus> found = new HashMap<>();
        jdbc.sql("select t.id, t.status from task t where t.owner = :owner and t.id = any(:ids)")
                .param("owner", owner.value())
                .param("ids", ids)
                .query((ResultSet row) -> {
                    found.put(id(row, "id"), TaskStatus.of(row.getInt("status")));
                });
        return found;
    }

    void hold(UserId owner, List<TaskEdge> edges) {
        jdbc.sql("""
                        insert into task_edge (owner, follower, predecessor, if_failed, open)
                        select :owner, e.follower, e.predecessor, e.if_failed, e.open
                        from unnest(:followers, :predecessors, :policies, :open)
                            as e(follower, predecessor, if_failed, open)
                        """)
                .param("owner", owner.value())
                .param("followers", ids(edges.stream().map(TaskEdge::follower).toList()))
                .param(
                        "predecessors",
                        ids(edges.stream().map(TaskEdge::predecessor).toList()))
                .param(
                        "policies",
                        new SqlArrayValue(
                                "int2",
                                edges.stream()
                                        .map(e -> (short) e.ifFailed().number())
                                        .toArray()))
                .param(
                        "open",
                        new SqlArrayValue(
                                "bool", edges.stream().map(TaskEdge::open).toArray()))
                .update();
        Map<UUID, boolean[]> marks = new LinkedHashMap<>();
        edges.stream().filter(TaskEdge::open).forEach(e -> {
            marks.computeIfAbsent(e.follower().value(), _ -> new boolean[2])[0] = true;
            marks.computeIfAbsent(e.predecessor().value(), _ -> new boolean[2])[1] = true;
        });
        jdbc.sql("""
                        update task t
                        set status = case when m.held and t.status = 0 then 6 else t.status end,
                            followed = t.followed or m.followed
                        from unnest(:ids, :held, :followed) as m(id, held, followed)
                        where t.owner = :owner and t.id = m.id
                        """)
                .param("owner", owner.value())
                .param("ids", new SqlArrayValue("uuid", marks.keySet().toArray()))
                .param(
                        "held",
                        new SqlArrayValue(
                                "bool", marks.values().stream().map(m -> m[0]).toArray()))
                .param(
                        "followed",
                        new SqlArrayValue(
                                "bool", marks.values().stream().map(m -> m[1]).toArray()))
                .update();
    }

    /// Completes those of the endings whose tasks are followed; the others don't count here.
    TaskStore.Completed completeFollowed(List<Ending> endings) {
        return requireNonNull(engineTransactions.execute(_ -> completedInTransaction(endings)), "completed");
    }

    private TaskStore.Completed completedInTransaction(List<Ending> endings) {
        SqlArrayValue owners = new SqlArrayValue(
                "uuid",
                endings.stream().map(e -> e.task().lease().owner().value()).toArray());
        SqlArrayValue tasks =
                ids(endings.stream().map(e -> e.task().lease().task()).toList());
        SqlArrayValue fences = new SqlArrayValue(
                "int4",
                endings.stream()
                        .map(e -> Math.toIntExact(e.task().lease().fence()))
                        .toArray());
        int locked = engine.sql("""
                        select pg_advisory_xact_lock(:class, o.key) from (
                            select distinct hashtext(t.owner::text) as key
                            from unnest(:owners, :ids, :fences) as e(owner, id, fence)
                            join task t on t.owner = e.owner and t.id = e.id and t.attempts = e.fence
                            where t.followed and t.status + 0 = 1
                            order by 1) o
                        """)
                .param("class", LOCK_CLASS)
                .param("owners", owners)
                .param("ids", tasks)
                .param("fences", fences)
                .query((_, _) -> true)
                .list()
                .size();
        if (locked == 0) {
            return TaskStore.Completed.NONE;
        }
        Map<UserId, List<TaskId>> completed = new LinkedHashMap<>();
        engine.sql("""
                        update task t
                        set status = 2, completed_at = now(), updated = now(), lease_until = null, progress = 1,
                            result = e.result::jsonb, error_code = null, error_message = null
                        from unnest(:owners, :ids, :fences, :results) as e(owner, id, fence, result)
                        where t.owner = e.owner and t.id = e.id and t.attempts = e.fence and t.status + 0 = 1
                          and t.followed
                        returning t.owner, t.id
                        """)
                .param("owners", owners)
                .param("ids", tasks)
                .param("fences", fences)
                .param(
                        "results",
                        new SqlArrayValue(
                                "text", endings.stream().map(Ending::result).toArray()))
                .query((ResultSet row) -> {
                    completed
                            .computeIfAbsent(owner(row), _ -> new ArrayList<>())
                            .add(id(row, "id"));
                });
        List<Released> released = new ArrayList<>();
        int counted = 0;
        for (var one : completed.entrySet()) {
            counted += one.getValue().size();
            released.addAll(ended(engine, one.getKey(), one.getValue(), TaskStatus.COMPLETED)
                    .released());
        }
        return new TaskStore.Completed(counted, released);
    }

    Consequences ended(UserId owner, Collection<TaskId> tasks, TaskStatus status) {
        if (waiting(jdbc, owner, tasks).isEmpty() && (status == TaskStatus.DEAD_LETTER || !held(owner, tasks))) {
            return Consequences.NONE;
        }
        lock(owner);
        return ended(jdbc, owner, tasks, status);
    }

    /// Whether one of these has itself waited for others to the last.
    private boolean held(UserId owner, Collection<TaskId> tasks) {
        return jdbc.sql("select exists (select 1 from task_edge e where e.owner = :owner and e.follower = any(:ids)"
                        + " and e.open)")
                .param("owner", owner.value())
                .param("ids", ids(tasks))
                .query(Boolean.class)
                .single();
    }

    /// Under the lock: closes edges, cancels what is to be cancelled and goes on with what follows that, and makes
    /// ready what waits for nothing any more.
    private static Consequences ended(JdbcClient sql, UserId owner, Collection<TaskId> tasks, TaskStatus status) {
        List<ClaimedTask> cancelled = new ArrayList<>();
        Set<TaskId> maybeReady = new LinkedHashSet<>();
        Collection<TaskId> over = tasks;
        TaskStatus as = status;
        while (!over.isEmpty()) {
            Set<TaskId> toCancel = new LinkedHashSet<>();
            for (TaskEdge edge : waiting(sql, owner, over)) {
                switch (edge.ifFailed().verdict(as)) {
                    case WAITS -> {}
                    case SATISFIED -> maybeReady.add(edge.follower());
                    case CANCELLED -> toCancel.add(edge.follower());
                }
            }
            close(sql, owner, over, as);
            List<ClaimedTask> gone = toCancel.isEmpty() ? List.of() : cancelHeld(sql, owner, toCancel);
            cancelled.addAll(gone);
            over = gone.stream().map(t -> t.lease().task()).toList();
            as = TaskStatus.CANCELLED;
        }
        return new Consequences(maybeReady.isEmpty() ? List.of() : release(sql, owner, maybeReady), cancelled);
    }

    /// Open edges to those that wait for these.
    private static List<TaskEdge> waiting(JdbcClient sql, UserId owner, Collection<TaskId> predecessors) {
        return sql.sql("""
                        select e.follower, e.predecessor, e.if_failed from task_edge e
                        where e.owner = :owner and e.predecessor = any(:ids) and e.open
                        """)
                .param("owner", owner.value())
                .param("ids", ids(predecessors))
                .query((row, _) -> new TaskEdge(
                        id(row, "follower"), id(row, "predecessor"), IfFailed.of(row.getInt("if_failed")), true))
                .list();
    }

    private static void close(JdbcClient sql, UserId owner, Collection<TaskId> over, TaskStatus status) {
        // A follower that waits goes on waiting for a dead letter. What is cancelled itself waits for nobody.
        sql.sql("""
                        update task_edge e set open = false
                        where e.owner = :owner and e.open and e.predecessor = any(:ids)
                          and (:for_good or e.if_failed <> 0)
                        """)
                .param("owner", owner.value())
                .param("ids", ids(over))
                .param("for_good", status != TaskStatus.DEAD_LETTER)
                .update();
        if (status == TaskStatus.CANCELLED || status == TaskStatus.FAILED) {
            sql.sql("""
                            update task_edge e set open = false
                            where e.owner = :owner and e.open and e.follower = any(:ids)
                            """).param("owner", owner.value()).param("ids", ids(over)).update();
        }
    }

    private static List<ClaimedTask> cancelHeld(JdbcClient sql, UserId owner, Collection<TaskId> followers) {
        return sql.sql("""
                        update task t
                        set status = 4, cancel_requested = true, completed_at = now(), updated = now(),
                            error_code = 'task_cancelled', error_message = :message
                        where t.owner = :owner and t.id = any(:ids) and t.status = 6
                        returning %s
                        """.formatted(PostgresTaskStore.CLAIMED))
                .param("owner", owner.value())
                .param("ids", ids(followers))
                .param("message", Ending.PREDECESSOR_FAILED)
                .query(PostgresTaskStore::claimed)
                .list();
    }

    private static List<Released> release(JdbcClient sql, UserId owner, Collection<TaskId> followers) {
        // It is due from now on, not from when it was accepted: it does not overtake what has been due longer.
        List<Released> released = sql.sql("""
                        update task t
                        set status = 0, updated = now(), run_at = greatest(t.run_at, now())
                        where t.owner = :owner and t.id = any(:ids) and t.status = 6
                          and not exists (
                            select 1 from task_edge e where e.owner = t.owner and e.follower = t.id and e.open)
                        returning t.id, t.type, extract(epoch from t.run_at - now()) * 1000 as delay_ms
                        """)
                .param("owner", owner.value())
                .param("ids", ids(followers))
                .query((row, _) -> new Released(
                        id(row, "id"), row.getString("type"), Duration.ofMillis((long) row.getDouble("delay_ms"))))
                .list();
        if (!released.isEmpty()) {
            tellFinals(sql, owner, released.stream().map(Released::task).toList());
        }
        return released;
    }

    /// Gives the final tasks of batches among these the counts of how the others ended.
    private static void tellFinals(JdbcClient sql, UserId owner, Collection<TaskId> released) {
        sql.sql("""
                        update task t
                        set input = t.input || jsonb_build_object('batch', c.counts)
                        from task_batch b
                        cross join lateral (
                            select jsonb_build_object('id', b.id, 'size', b.size,
                                       'completed', count(*) filter (where s.status = 2),
                                       'failed', count(*) filter (where s.status = 3),
                                       'cancelled', count(*) filter (where s.status = 4),
                                       'dead_letter', count(*) filter (where s.status = 5)) as counts
                            from task_batch_member m
                            join task s on s.owner = m.owner and s.id = m.task
                            where m.owner = b.owner and m.batch = b.id) c
                        where b.owner = :owner and b.final_task = any(:ids)
                          and t.owner = b.owner and t.id = b.final_task
                        """).param("owner", owner.value()).param("ids", ids(released)).update();
    }

    Map<TaskId, TaskLinks> links(UserId owner, Collection<TaskId> followers) {
        Map<TaskId, TaskLinks> links = new HashMap<>();
        jdbc.sql("""
                        select e.follower, min(e.if_failed) as if_failed, count(*) filter (where e.open) as open,
                               (array_agg(e.predecessor order by e.predecessor))[1\\:%d] as predecessors
                        from task_edge e
                        where e.owner = :owner and e.follower = any(:ids)
                        group by e.follower
                        """.formatted(TaskGraph.AFTER_MAX))
                .param("owner", owner.value())
                .param("ids", ids(followers))
                .query((ResultSet row) -> {
                    UUID[] predecessors = (UUID[]) row.getArray("predecessors").getArray();
                    links.put(
                            id(row, "follower"),
                            new TaskLinks(
                                    Arrays.stream(predecessors).map(TaskId::new).toList(),
                                    row.getInt("open"),
                                    Optional.of(IfFailed.of(row.getInt("if_failed")))));
                });
        return links;
    }

    private static SqlArrayValue ids(Collection<TaskId> tasks) {
        return new SqlArrayValue("uuid", tasks.stream().map(TaskId::value).toArray());
    }

    private static TaskId id(ResultSet row, String column) throws SQLException {
        return new TaskId(row.getObject(column, UUID.class));
    }

    private static UserId owner(ResultSet row) throws SQLException {
        return new UserId(row.getObject("owner", UUID.class));
    }
}
