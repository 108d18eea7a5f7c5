package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;

/// Dead letters: tasks of status 5. Sending one back, dismissing one, and removing what is past its time.
final class DeadLetterStore {

    /// A dead letter that is sent back waits at most this long, however often it was sent back before.
    private static final Duration BACKOFF_MAX = Duration.ofHours(1);

    /// Rows that one statement deletes: some ten milliseconds of work.
    private static final int DELETE_MAX = 5000;

    private static final int DELETE_ROUNDS_MAX = 20;

    /// More causes than anybody reads.
    private static final int CAUSES_MAX = 200;

    private final JdbcClient jdbc;
    private final TaskStore graph;

    DeadLetterStore(JdbcClient jdbc, TaskStore graph) {
        this.jdbc = requireNonNull(jdbc, "jdbc");
        this.graph = requireNonNull(graph, "graph");
    }

    /// Which dead letters are sent back, and how.
    ///
    /// @param owner       whose; empty: everybody's
    /// @param ids         these; none: all of `fingerprint`
    /// @param input       replaces the input; empty: as it was
    /// @param retryLimit  those that were sent back this often already stay
    /// @param perSecond   how many become due in a second; 0: all at once
    /// @param backoff     wait before the first replay's attempt; doubles with each replay
    record Replay(
            Optional<UserId> owner,
            List<TaskId> ids,
            Optional<String> fingerprint,
            Optional<String> input,
            UUID actor,
            String reason,
            int retryLimit,
            double perSecond,
            Duration backoff,
            int max) {

        Replay {
            ids = List.copyOf(ids);
            if (ids.isEmpty() == fingerprint.isEmpty()) {
                throw new IllegalArgumentException("either ids or a fingerprint");
            }
        }

        boolean single() {
            return ids.size() == 1;
        }
    }

    /// Puts dead letters back to wait, as if they had never failed; keeps who did it, why, and the input as
    /// it was.
    ///
    /// @return how many
    /// @throws StewardException 409 when a waiting or running task has the unique key of one of them
    int replay(Replay replay) {
        try {
            return replayed(replay);
        } catch (DuplicateKeyException e) {
            throw new StewardException(
                    ErrorCode.INVALID_INPUT, 409, Saying.NOT_SENT_BACK_TWICE.said(), null, List.of(), e);
        }
    }

    private int replayed(Replay replay) {
        // Of many, those whose unique key waits or runs already stay, and of those that share a key the oldest
        // goes; a
        // single one is refused by the index.
        return jdbc.sql("""
                        with chosen as materialized (
                            select t.owner, t.id, t.cause, t.input,
                                   row_number() over (order by t.completed_at, t.id) - 1 as place,
                                   row_number() over (partition by t.owner, t.type, coalesce(t.unique_key, t.id::text)
                                                      order by t.completed_at, t.id) as of_its_key
                            from task t
                            where %s and t.replays < :retry_limit
                              and (:single or t.unique_key is null or not exists (
                                select 1 from task u
                                where u.owner = t.owner and u.type = t.type and u.unique_key = t.unique_key
                                  and u.status in (0, 1, 6)))
                            order by t.completed_at, t.id
                            limit :max),
                        revived as (
                            update task t
                            set replays = t.replays + 1,
                                -- One that waited for others when it died, such as of its deadline, waits again.
                                status = case when exists (
                                    select 1 from task_edge e
                                    where e.owner = t.owner and e.follower = t.id and e.open) then 6 else 0 end,
                                -- Many at once wait behind what comes one by one.
                                level = t.priority * 4 + case when :single then 3 else 0 end, retry_count = 0, crash_recoveries = 0, progress = 0,
                                cancel_requested = false, completed_at = null, cause = null, fingerprint = null,
                                updated = now(), input = coalesce(:input::jsonb, t.input),
                                -- A deadline that has passed would only kill it again.
                                deadline = case when t.deadline > now() then t.deadline end,
                                run_at = now() + least(:backoff * power(2, t.replays), :backoff_max)
                                                 * interval '1 millisecond'
                                               + case when :per_second > 0
                                                   then (c.place / :per_second) * interval '1 second'
                                                   else interval '0' end
                            from chosen c
                            where t.owner = c.owner and t.id = c.id and t.status = 5 and c.of_its_key = 1
                            returning t.owner, t.id, t.replays, c.cause, c.input)
                        insert into task_replay (owner, task, number, actor, reason, cause, input_before)
                        select owner, id, replays, :actor, :reason, cause,
                               case when :input::jsonb is null then null else input end
                        from revived
                        """.formatted(where(replay.owner(), replay.ids(), replay.fingerprint())))
                .param("single", replay.single())
                .param("owner", value(replay.owner().map(UserId::value)))
                .param("ids", ids(replay.ids()))
                .param("fingerprint", value(replay.fingerprint()))
                .param("input", value(replay.input()))
                .param("actor", replay.actor())
                .param("reason", replay.reason())
                .param("retry_limit", replay.retryLimit())
                .param("per_second", replay.perSecond())
                .param("backoff", replay.backoff().toMillis())
                .param("backoff_max", BACKOFF_MAX.toMillis())
                .param("max", replay.max())
                .update();
    }

    /// Takes the locks of the owners whose dead letters of these, or of this fingerprint, follow others or are
    /// followed, before they are changed.
    void lockLinked(Optional<UserId> owner, List<TaskId> ids, Optional<String> fingerprint) {
        List<UUID> owners = jdbc.sql("""
                        select distinct t.owner from task t
                        where %s and (t.followed or exists (
                            select 1 from task_edge e where e.owner = t.owner and e.follower = t.id and e.open))
                        order by t.owner
                        """.formatted(where(owner, ids, fingerprint)))
                .param("owner", value(owner.map(UserId::value)))
                .param("ids", ids(ids))
                .param("fingerprint", value(fingerprint))
                .query((row, _) -> row.getObject(1, UUID.class))
                .list();
        owners.forEach(one -> graph.lockGraph(new UserId(one)));
    }

    /// How many dead letters a replay of these, or of this fingerprint, would meet.
    long count(Optional<UserId> owner, List<TaskId> ids, Optional<String> fingerprint, int retryLimit) {
        return jdbc.sql("select count(*) from task t where %s and t.replays < :retry_limit"
                        .formatted(where(owner, ids, fingerprint)))
                .param("owner", value(owner.map(UserId::value)))
                .param("ids", ids(ids))
                .param("fingerprint", value(fingerprint))
                .param("retry_limit", retryLimit)
                .query(Long.class)
                .single();
    }

    /// How many tasks wait for each of these dead letters; those for which none does are left out.
    Map<TaskId, Long> waiting(UserId owner, List<TaskId> letters) {
        Map<TaskId, Long> waiting = new HashMap<>();
        jdbc.sql("""
                        select e.predecessor, count(*) as number from task_edge e
                        join task f on f.owner = e.owner and f.id = e.follower and f.status = 6
                        where e.owner = :owner and e.predecessor = any(:ids) and e.open
                        group by e.predecessor
                        """).param("owner", owner.value()).param("ids", ids(letters)).query((ResultSet row) -> {
            waiting.put(new TaskId(row.getObject("predecessor", UUID.class)), row.getLong("number"));
        });
        return waiting;
    }

    /// How many tasks wait for any of these dead letters, or of those of this fingerprint.
    long countWaiting(Optional<UserId> owner, List<TaskId> ids, Optional<String> fingerprint) {
        return jdbc.sql("""
                        select count(distinct (f.owner, f.id)) from task t
                        join task_edge e on e.owner = t.owner and e.predecessor = t.id and e.open
                        join task f on f.owner = e.owner and f.id = e.follower and f.status = 6
                        where %s and t.followed
                        """.formatted(where(owner, ids, fingerprint)))
                .param("owner", value(owner.map(UserId::value)))
                .param("ids", ids(ids))
                .param("fingerprint", value(fingerprint))
                .query(Long.class)
                .single();
    }

    /// @param owner whose; empty: anybody's
    Optional<Task> find(Optional<UserId> owner, TaskId id) {
        return jdbc.sql("select %s from task t where %s"
                        .formatted(TaskListStore.COLUMNS, where(owner, List.of(id), Optional.empty())))
                .param("owner", value(owner.map(UserId::value)))
                .param("ids", ids(List.of(id)))
                .param("fingerprint", null)
                .query(TaskListStore::task)
                .optional();
    }

    /// Dead letters that were taken off the list.
    ///
    /// @param followed those among them that others follow, by owner
    record Dismissed(long count, Map<UserId, List<TaskId>> followed) {}

    /// Takes these, or all of one fingerprint, off the list: the tasks have failed for good, and stay readable as
    /// such.
    Dismissed dismiss(Optional<UserId> owner, List<TaskId> ids, Optional<String> fingerprint) {
        Map<UserId, List<TaskId>> followed = new LinkedHashMap<>();
        long count = jdbc.sql(
                        "update task t set status = 3, updated = now() where %s returning t.owner, t.id, t.followed"
                                .formatted(where(owner, ids, fingerprint)))
                .param("owner", value(owner.map(UserId::value)))
                .param("ids", ids(ids))
                .param("fingerprint", value(fingerprint))
                .query((row, _) -> {
                    if (row.getBoolean("followed")) {
                        followed.computeIfAbsent(new UserId(row.getObject("owner", UUID.class)), _ -> new ArrayList<>())
                                .add(new TaskId(row.getObject("id", UUID.class)));
                    }
                    return 1;
                })
                .list()
                .size();
        return new Dismissed(count, followed);
    }

    /// Dead letters that are older than `retention`, or beyond the newest `sizeMax`, and that others follow or may be
    /// about to: they are not removed but dismissed, under their owner's lock.
    List<Task> followed(Duration retention, int sizeMax) {
        return jdbc.sql("""
                        select %s from task t
                        where t.status = 5 and t.followed
                          and (t.completed_at < now() - :retention * interval '1 millisecond'
                               or (t.completed_at, t.id) <= (
                                   select o.completed_at, o.id from task o where o.status = 5
                                   order by o.completed_at desc, o.id desc offset :size_max limit 1))
                        limit :max
                        """.formatted(TaskListStore.COLUMNS))
                .param("retention", retention.toMillis())
                .param("size_max", sizeMax)
                .param("max", DELETE_MAX)
                .query(TaskListStore::task)
                .list();
    }

    /// What dead letters died of.
    ///
    /// @param count  how many
    /// @param type   of the latest one's task
    /// @param error  of the latest one
    /// @param first  when the oldest became one
    /// @param latest when the latest did
    record CauseView(
            String fingerprint,
            String cause,
            String type,
            long count,
            TaskView.@Nullable ErrorView error,
            @Nullable Instant first,
            @Nullable Instant latest) {}

    /// The most frequent first.
    List<CauseView> causes(Optional<UserId> owner) {
        return jdbc.sql("""
                        select coalesce(t.fingerprint, '') as print, count(*) as number,
                               min(t.completed_at) as first, max(t.completed_at) as latest,
                               (array_agg(coalesce(t.cause, '') order by t.completed_at desc))[1] as cause,
                               (array_agg(t.type order by t.completed_at desc))[1] as type,
                               (array_agg(t.error_code order by t.completed_at desc))[1] as error_code,
                               (array_agg(t.error_message order by t.completed_at desc))[1] as error_message
                        from task t
                        where %s
                        group by 1
                        order by 2 desc, 1
                        limit :max
                        """.formatted(where(owner, List.of(), Optional.empty())))
                .param("owner", value(owner.map(UserId::value)))
                .param("ids", ids(List.of()))
                .param("fingerprint", null)
                .param("max", CAUSES_MAX)
                .query((row, _) -> new CauseView(
                        row.getString("print"),
                        row.getString("cause"),
                        row.getString("type"),
                        row.getLong("number"),
                        TaskView.ErrorView.of(TaskListStore.error(row)),
                        TaskListStore.instant(row, "first").orElse(null),
                        TaskListStore.instant(row, "latest").orElse(null)))
                .list();
    }

    /// Removes dead letters older than `retention`, then the oldest above `sizeMax`; none that was ever followed. The
    /// mark is in the row itself: a deletion that waits for somebody who begins to follow reads it anew, which it
    /// would not do with the rows of another table.
    TaskJanitor.Cleanup clean(Duration retention, int sizeMax) {
        long cleaned = jdbc.sql("""
                        delete from task t
                        where t.status = 5 and t.completed_at < now() - :retention * interval '1 millisecond'
                          and not t.followed
                        """).param("retention", retention.toMillis()).update();
        cleaned += jdbc.sql("""
                        delete from task t using (
                            select owner, id from task where status = 5
                            order by completed_at desc, id desc offset :size_max) as surplus
                        where t.owner = surplus.owner and t.id = surplus.id and t.status = 5
                          and not t.followed
                        """).param("size_max", sizeMax).update();
        long remaining = jdbc.sql("select count(*) from task where status = 5")
                .query(Long.class)
                .single();
        return new TaskJanitor.Cleanup(cleaned, remaining);
    }

    /// Removes tasks that were completed, cancelled or dismissed longer than `keep` ago, a bounded number
    /// at a time.
    long removeFinished(Duration keep) {
        long removed = 0;
        for (int round = 0; round < DELETE_ROUNDS_MAX; round++) {
            // A task is finished after it was created, so the index by creation bounds the search.
            int deleted = jdbc.sql("""
                            delete from task t using (
                                select owner, id from task
                                where created < now() - :keep * interval '1 millisecond'
                                  and completed_at < now() - :keep * interval '1 millisecond'
                                  and status in (2, 3, 4)
                                limit :max) as old
                            where t.owner = old.owner and t.id = old.id
                            """)
                    .param("keep", keep.toMillis())
                    .param("max", DELETE_MAX)
                    .update();
            removed += deleted;
            if (deleted < DELETE_MAX) {
                break;
            }
        }
        return removed;
    }

    /// Removes what is known of tasks that are removed: what they followed, and the batches that were theirs.
    void removeTraces() {
        jdbc.sql("""
                        delete from task_edge e
                        where not exists (select 1 from task t where t.owner = e.owner and t.id = e.follower)
                        """).update();
        jdbc.sql("""
                        delete from task_log l
                        where not exists (select 1 from task t where t.owner = l.owner and t.id = l.task)
                        """).update();
        jdbc.sql("""
                        delete from task_batch_member m
                        where not exists (select 1 from task t where t.owner = m.owner and t.id = m.task)
                        """).update();
        jdbc.sql("""
                        delete from task_batch b
                        where not exists (
                                select 1 from task_batch_member m where m.owner = b.owner and m.batch = b.id)
                          and not exists (select 1 from task t where t.owner = b.owner and t.id = b.final_task)
                        """).update();
    }

    private static String where(Optional<UserId> owner, List<TaskId> ids, Optional<String> fingerprint) {
        return "t.status = 5 and "
                + (owner.isPresent() ? "t.owner = :owner" : "cast(:owner as uuid) is null")
                + (ids.isEmpty() ? " and cardinality(:ids) = 0" : " and t.id = any(:ids)")
                + (fingerprint.isPresent()
                        ? " and t.fingerprint = :fingerprint"
                        : " and cast(:fingerprint as text) is null");
    }

    private static SqlArrayValue ids(List<TaskId> ids) {
        return new SqlArrayValue("uuid", ids.stream().map(TaskId::value).toArray());
    }

    private static @Nullable Object value(Optional<?> optional) {
        return optional.orElse(null);
    }
}
