package dev.steward.schedules;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Cursor;
import dev.steward.base.UserId;
import dev.steward.tasks.Priority;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The tables `schedule` and `schedule_run`. Every method joins the caller's transaction.
final class ScheduleStore {

    private static final String COLUMNS = """
            s.id, s.owner, s.type, s.priority, s.description, s.input::text as input, s.max_retries, s.kind, s.expression,
            s.starts, cast(s.except_times as text[]) as except_times, s.time_zone, s.missed, s.missed_max, s.missed_count, s.expected_within_ms, s.paused,
            s.problem, s.next_at, s.created, s.updated
            """;

    private final JdbcClient jdbc;

    ScheduleStore(JdbcClient jdbc) {
        this.jdbc = requireNonNull(jdbc, "jdbc");
    }

    /// The database's time, which alone decides what is due.
    Instant now() {
        return jdbc.sql("select clock_timestamp()")
                .query(OffsetDateTime.class)
                .single()
                .toInstant();
    }

    /// @param uid of the calendar entry that it comes from
    /// @return whether it is new: neither its id nor its uid was there
    boolean insert(Schedule schedule, Optional<String> uid) {
        return timing(jdbc.sql("""
                        insert into schedule (id, owner, type, priority, description, input, max_retries, kind, expression,
                                              starts, except_times, time_zone, missed, missed_max, expected_within_ms,
                                              next_at, uid)
                        values (:id, :owner, :type, :priority, :description, cast(:input as jsonb), :maxRetries, :kind,
                                :expression, :starts, cast(:except as timestamp[]), :zone, :missed, :missedMax,
                                :expectedWithin, :next, :uid)
                        on conflict do nothing
                        """), schedule)
                        .param("owner", schedule.owner().value())
                        .param("type", schedule.work().type())
                        .param("maxRetries", schedule.work().maxRetries())
                        .param("uid", uid.orElse(null))
                        .update()
                == 1;
    }

    /// Writes everything that its owner can change.
    void update(Schedule schedule) {
        timing(jdbc.sql("""
                        update schedule
                           set priority = :priority, description = :description, input = cast(:input as jsonb),
                               kind = :kind, expression = :expression, starts = :starts,
                               except_times = cast(:except as timestamp[]), time_zone = :zone, missed = :missed,
                               missed_max = :missedMax, expected_within_ms = :expectedWithin, next_at = :next,
                               paused = :paused, problem = null, updated = now()
                         where id = :id
                        """), schedule).param("paused", schedule.paused()).update();
    }

    private static JdbcClient.StatementSpec timing(JdbcClient.StatementSpec statement, Schedule schedule) {
        Timing timing = schedule.timing();
        return statement
                .param("id", schedule.id())
                .param("priority", schedule.work().priority().number())
                .param("description", schedule.work().description())
                .param("input", schedule.work().input())
                .param("kind", timing.kind().wire())
                .param("expression", timing.expression())
                .param("starts", timing.starts())
                .param(
                        "except",
                        timing.except().stream().map(LocalDateTime::toString).toArray(String[]::new))
                .param("zone", timing.zone().getId())
                .param("missed", schedule.rules().missed().wire())
                .param("missedMax", schedule.rules().missedMax())
                .param("expectedWithin", schedule.rules().expectedWithin().toMillis())
                .param("next", schedule.nextAt().map(ScheduleStore::utc).orElse(null));
    }

    Optional<Schedule> find(UserId owner, UUID id) {
        return jdbc.sql("select " + COLUMNS + "from schedule s where s.id = :id and s.owner = :owner")
                .param("id", id)
                .param("owner", owner.value())
                .query(ScheduleStore::schedule)
                .optional();
    }

    /// The same, and nobody else changes it until the end of the transaction.
    Optional<Schedule> lock(UserId owner, UUID id) {
        return jdbc.sql("select " + COLUMNS + "from schedule s where s.id = :id and s.owner = :owner for update")
                .param("id", id)
                .param("owner", owner.value())
                .query(ScheduleStore::schedule)
                .optional();
    }

    Optional<UUID> byUid(UserId owner, String uid) {
        return jdbc.sql("select id from schedule where owner = :owner and uid = :uid")
                .param("owner", owner.value())
                .param("uid", uid)
                .query(UUID.class)
                .optional();
    }

    int count(UserId owner) {
        return jdbc.sql("select count(*) from schedule where owner = :owner and (next_at is not null or paused)")
                .param("owner", owner.value())
                .query(Integer.class)
                .single();
    }

    /// By the time they were made, along the index (owner, created desc, id desc) in either direction.
    List<Schedule> list(
            UserId owner, Optional<Boolean> paused, boolean newestFirst, Optional<Cursor> after, int limit) {
        return jdbc.sql("select " + COLUMNS
                        + """
                        from schedule s
                        where s.owner = :owner
                          and (cast(:paused as boolean) is null or s.paused = cast(:paused as boolean))
                          and (cast(:created as timestamptz) is null
                               or (s.created, s.id) %s (cast(:created as timestamptz), cast(:id as uuid)))
                        order by s.created %s, s.id %s
                        limit :limit
                        """.formatted(newestFirst ? "<" : ">", order(newestFirst), order(newestFirst)))
                .param("owner", owner.value())
                .param("paused", paused.orElse(null))
                .param("created", after.map(Cursor::key).orElse(null))
                .param("id", after.map(Cursor::id).orElse(null))
                .param("limit", limit)
                .query(ScheduleStore::schedule)
                .list();
    }

    private static String order(boolean descending) {
        return descending ? "desc" : "asc";
    }

    boolean delete(UserId owner, UUID id) {
        return jdbc.sql("delete from schedule where id = :id and owner = :owner")
                        .param("id", id)
                        .param("owner", owner.value())
                        .update()
                == 1;
    }

    /// Due schedules, soonest first, locked; those that another node works on are left to it.
    List<Schedule> lockDue(Instant now, int max) {
        return jdbc.sql("select " + COLUMNS + """
                        from schedule s
                        where s.next_at <= :now and not s.paused
                        order by s.next_at
                        limit :max
                        for update skip locked
                        """)
                .param("now", utc(now))
                .param("max", max)
                .query(ScheduleStore::schedule)
                .list();
    }

    /// When the next one is due.
    Optional<Instant> soonest() {
        return jdbc.sql(
                        "select next_at from schedule where next_at is not null and not paused order by next_at limit 1")
                .query(OffsetDateTime.class)
                .optional()
                .map(OffsetDateTime::toInstant);
    }

    /// The run is taken, unless it was before.
    ///
    /// @return whether it is new
    boolean take(Schedule schedule, Instant occurrence, UUID task) {
        return jdbc.sql("""
                        insert into schedule_run (schedule, occurrence, owner, task, expected_by)
                        values (:schedule, :occurrence, :owner, :task, :expectedBy)
                        on conflict (schedule, occurrence) do nothing
                        """)
                        .param("schedule", schedule.id())
                        .param("occurrence", utc(occurrence))
                        .param("owner", schedule.owner().value())
                        .param("task", task)
                        .param(
                                "expectedBy",
                                utc(occurrence.plus(schedule.rules().expectedWithin())))
                        .update()
                == 1;
    }

    void advance(UUID schedule, Optional<Instant> next, long missed) {
        jdbc.sql("""
                        update schedule set next_at = :next, missed_count = missed_count + :missed where id = :id
                        """)
                .param("id", schedule)
                .param("next", next.map(ScheduleStore::utc).orElse(null))
                .param("missed", missed)
                .update();
    }

    /// Takes a schedule that can't be reckoned out of the way, so that it holds up no other.
    void pauseFor(UUID schedule, String problem) {
        jdbc.sql("update schedule set paused = true, problem = :problem, updated = now() where id = :id")
                .param("id", schedule)
                .param("problem", problem)
                .update();
    }

    /// Forgets runs that lie ahead, so that they can be planned anew.
    ///
    /// @return their tasks
    List<UUID> dropAhead(UUID schedule, Instant now) {
        return jdbc.sql("""
                        delete from schedule_run
                         where schedule = :schedule and occurrence > :now and outcome is null
                        returning task
                        """)
                .param("schedule", schedule)
                .param("now", utc(now))
                .query((row, _) -> requireNonNull(row.getObject("task", UUID.class)))
                .list();
    }

    /// Runs that have a task but have not begun by their time.
    Optional<Instant> firstAhead(UUID schedule, Instant now) {
        return jdbc.sql("""
                        select min(occurrence) from schedule_run
                         where schedule = :schedule and occurrence > :now and outcome is null
                        """)
                .param("schedule", schedule)
                .param("now", utc(now))
                .query((row, _) -> Optional.ofNullable(row.getObject(1, OffsetDateTime.class))
                        .map(OffsetDateTime::toInstant))
                .single();
    }

    /// Runs of a schedule, in either direction.
    List<Run> runs(UUID schedule, boolean latestFirst, Optional<Instant> from, int limit) {
        return jdbc.sql("""
                        select schedule, occurrence, owner, task, created, expected_by, outcome, told from schedule_run
                         where schedule = :schedule
                           and (cast(:from as timestamptz) is null or occurrence %s cast(:from as timestamptz))
                         order by occurrence %s
                         limit :limit
                        """.formatted(latestFirst ? "<" : ">", order(latestFirst)))
                .param("schedule", schedule)
                .param("from", from.map(ScheduleStore::utc).orElse(null))
                .param("limit", limit)
                .query(ScheduleStore::run)
                .list();
    }

    /// Runs whose time has come and whose end is not known, oldest first; after `after`, so that a long list is
    /// gone through page by page.
    List<Run> open(Instant now, Instant after, int limit) {
        return jdbc.sql("""
                        select schedule, occurrence, owner, task, created, expected_by, outcome, told from schedule_run
                         where outcome is null and occurrence > :after and occurrence <= :now
                         order by occurrence
                         limit :limit
                        """)
                .param("now", utc(now))
                .param("after", utc(after))
                .param("limit", limit)
                .query(ScheduleStore::run)
                .list();
    }

    void settle(UUID schedule, Instant occurrence, String outcome) {
        jdbc.sql("update schedule_run set outcome = :outcome where schedule = :schedule and occurrence = :occurrence")
                .param("schedule", schedule)
                .param("occurrence", utc(occurrence))
                .param("outcome", outcome)
                .update();
    }

    /// @return whether nobody had told before
    boolean tell(UUID schedule, Instant occurrence) {
        return jdbc.sql("""
                        update schedule_run set told = now()
                         where schedule = :schedule and occurrence = :occurrence and told is null
                        """)
                        .param("schedule", schedule)
                        .param("occurrence", utc(occurrence))
                        .update()
                == 1;
    }

    /// Whether the run before this one went wrong too and was told, so that a schedule that keeps failing tells
    /// once.
    boolean toldBefore(UUID schedule, Instant occurrence) {
        return jdbc.sql("""
                        select coalesce((select told is not null and outcome is distinct from 'completed'
                                           from schedule_run
                                          where schedule = :schedule and occurrence < :occurrence
                                          order by occurrence desc
                                          limit 1), false)
                        """)
                .param("schedule", schedule)
                .param("occurrence", utc(occurrence))
                .query(Boolean.class)
                .single();
    }

    /// Schedules whose next run is overdue although nobody has even taken it, and that nobody has told about.
    List<Schedule> overdue(Instant now, int limit) {
        return jdbc.sql("select " + COLUMNS + """
                        from schedule s
                        where s.next_at is not null and not s.paused
                          and s.next_at <= :now
                          and s.next_at + s.expected_within_ms * interval '1 millisecond' < :now
                          and s.told is distinct from s.next_at
                        order by s.next_at
                        limit :limit
                        """)
                .param("now", utc(now))
                .param("limit", limit)
                .query(ScheduleStore::schedule)
                .list();
    }

    /// @return whether nobody had told before
    boolean tellOverdue(UUID schedule, Instant next) {
        return jdbc.sql("""
                        update schedule set told = next_at
                         where id = :id and next_at = :next and told is distinct from next_at
                        """).param("id", schedule).param("next", utc(next)).update() == 1;
    }

    /// Which of these tasks are runs of which schedule.
    Map<UUID, UUID> schedulesOf(UserId owner, Collection<UUID> tasks) {
        Map<UUID, UUID> found = new HashMap<>();
        jdbc.sql("select task, schedule from schedule_run where owner = :owner and task = any (:tasks)")
                .param("owner", owner.value())
                .param("tasks", tasks.toArray(UUID[]::new))
                .query(row -> {
                    found.put(row.getObject("task", UUID.class), row.getObject("schedule", UUID.class));
                });
        return found;
    }

    /// One run as it is stored.
    record Run(
            UUID schedule,
            Instant occurrence,
            UserId owner,
            UUID task,
            Instant created,
            Instant expectedBy,
            Optional<String> outcome,
            Optional<Instant> told) {}

    private static Run run(ResultSet row, int number) throws SQLException {
        return new Run(
                row.getObject("schedule", UUID.class),
                instant(row, "occurrence"),
                new UserId(row.getObject("owner", UUID.class)),
                row.getObject("task", UUID.class),
                instant(row, "created"),
                instant(row, "expected_by"),
                Optional.ofNullable(row.getString("outcome")),
                optional(row, "told"));
    }

    private static Schedule schedule(ResultSet row, int number) throws SQLException {
        return new Schedule(
                row.getObject("id", UUID.class),
                new UserId(row.getObject("owner", UUID.class)),
                new Schedule.Work(
                        row.getString("type"),
                        priority(row.getInt("priority")),
                        row.getString("description"),
                        row.getString("input"),
                        row.getInt("max_retries")),
                new Timing(
                        Timing.Kind.of(row.getString("kind")),
                        row.getString("expression"),
                        row.getObject("starts", LocalDateTime.class),
                        localTimes(row.getArray("except_times")),
                        ZoneId.of(row.getString("time_zone"))),
                new Schedule.Rules(
                        Missed.of(row.getString("missed")),
                        row.getInt("missed_max"),
                        Duration.ofMillis(row.getLong("expected_within_ms"))),
                row.getBoolean("paused"),
                Optional.ofNullable(row.getString("problem")),
                optional(row, "next_at"),
                row.getLong("missed_count"),
                instant(row, "created"),
                instant(row, "updated"));
    }

    private static Priority priority(int number) {
        return Arrays.stream(Priority.values())
                .filter(p -> p.number() == number)
                .findFirst()
                .orElseThrow();
    }

    private static NavigableSet<LocalDateTime> localTimes(Array array) throws SQLException {
        NavigableSet<LocalDateTime> times = new TreeSet<>();
        Arrays.stream((String[]) array.getArray())
                .map(text -> LocalDateTime.parse(text.replace(' ', 'T')))
                .forEach(times::add);
        return times;
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static Optional<Instant> optional(ResultSet row, String column) throws SQLException {
        @Nullable OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return Optional.ofNullable(time).map(OffsetDateTime::toInstant);
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
