package dev.steward.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.ErrorCode;
import dev.steward.base.UserId;
import dev.steward.testing.PostgresFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The store that simulations use behaves as the table does: the same seeded statements, the same answers, the same
/// rows.
class TaskStoreAgreementIT {

    private static final int SEEDS = Integer.getInteger("agreement.seeds", 200);
    private static final int STATEMENTS = 40;
    private static final Duration LEASE = Duration.ofHours(1);
    private static final Duration LONG = Duration.ofHours(1);
    private static final Instant PAST = Instant.parse("2020-01-01T00:00:00Z");
    private static final Instant FUTURE = Instant.parse("2099-01-01T00:00:00Z");
    private static final TaskLimits LIMITS = TaskLimits.none().everywhere(3).perKey(1);
    private static final List<UUID> WORKERS = List.of(new UUID(1, 1), new UUID(1, 2));

    @AutoClose
    static final PostgresFixture postgres = PostgresFixture.create();

    @AutoClose
    private final EngineConnections connections = new EngineConnections(postgres.singles());

    private final PostgresTaskStore table = new PostgresTaskStore(postgres.jdbc(), connections);
    private long nowMillis = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private InMemoryTaskStore memory = new InMemoryTaskStore(() -> nowMillis);
    private Random random = new Random();
    private int accepted;

    @Test
    void memoryAndTableGiveTheSameAnswersAndKeepTheSameRows() {
        for (long seed = 0; seed < SEEDS; seed++) {
            random = new Random(seed);
            memory = new InMemoryTaskStore(() -> nowMillis);
            postgres.jdbc().sql("delete from task").update();
            postgres.jdbc().sql("delete from task_edge").update();
            postgres.jdbc().sql("delete from worker").update();
            for (int i = 0; i < STATEMENTS; i++) {
                nowMillis++;
                String what = "seed " + seed + ", statement " + i + ": " + both();
                assertThat(rowsOfTable()).as(what).isEqualTo(rowsOfMemory());
            }
        }
    }

    private String both() {
        int dice = random.nextInt(18);
        return switch (dice) {
            case 0, 1, 2 -> accept();
            case 3, 4 -> claim();
            case 5 -> claimLimited();
            case 6 -> complete();
            case 7, 8 -> end();
            case 9 -> beat();
            case 10 -> progress();
            case 11 -> cancel();
            case 12 -> expire();
            case 13 -> reap();
            case 14 -> look();
            case 15, 16 -> follow();
            default -> rarely();
        };
    }

    private String accept() {
        List<Acceptance> tasks = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            accepted++;
            boolean limited = random.nextInt(3) == 0;
            var id = new TaskId(new UUID(random.nextLong(), random.nextLong()));
            var owner = new UserId(new UUID(0, random.nextInt(2)));
            if (!memory.rows.isEmpty() && random.nextInt(8) == 0) {
                id = some(memory.rows.keySet()); // The same task comes again.
                owner = memory.row(id).owner;
            }
            var task = new NewTask(
                    id,
                    owner,
                    limited ? "limited" : random.nextBoolean() ? "one" : "two",
                    Priority.of(random.nextInt(4)),
                    "",
                    "{}",
                    Optional.of(random.nextInt(6) == 0 ? FUTURE : PAST.plusMillis(accepted)),
                    random.nextInt(8) == 0 ? Optional.of(random.nextBoolean() ? PAST : FUTURE) : Optional.empty(),
                    3,
                    Optional.empty());
            Optional<String> unique = random.nextInt(5) == 0 ? Optional.of("key") : Optional.empty();
            tasks.add(new Acceptance(task, "{}", unique)
                    .ranked(
                            Level.of(task.priority(), random.nextInt(4)),
                            limited ? Optional.of("key " + random.nextInt(3)) : Optional.empty()));
        }
        if (random.nextInt(4) == 0) {
            List<Acceptance> plain = tasks.stream()
                    .filter(t -> t.uniqueKey().isEmpty() && t.task().deadline().isEmpty())
                    .filter(t -> !t.task().runAt().equals(Optional.of(FUTURE))
                            && !t.task().type().equals("limited"))
                    .toList();
            UUID worker = WORKERS.get(random.nextInt(2));
            same(
                    "accept running",
                    table.acceptRunning(worker, plain, LEASE),
                    memory.acceptRunning(worker, plain, LEASE));
            return "accept running";
        }
        tasks.forEach(task -> same("accept", table.accept(List.of(task)), memory.accept(List.of(task))));
        return "accept";
    }

    private String claim() {
        if (random.nextInt(3) == 0) {
            return claimThese();
        }
        UUID worker = WORKERS.get(random.nextInt(2));
        Map<String, Integer> slots = new TreeMap<>(Map.of("one", 1 + random.nextInt(4), "two", 1 + random.nextInt(4)));
        int max = 1 + random.nextInt(5);
        same("claim", leases(table.claim(worker, slots, max, LEASE)), leases(memory.claim(worker, slots, max, LEASE)));
        return "claim";
    }

    private String claimThese() {
        if (memory.rows.isEmpty()) {
            return "nothing to claim";
        }
        UUID worker = WORKERS.get(random.nextInt(2));
        List<ReadyTask> tasks = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(4); i++) {
            InMemoryTaskStore.Row row = memory.row(some(memory.rows.keySet()));
            // What comes from outside may be wrong in everything.
            tasks.add(new ReadyTask(
                    random.nextInt(8) == 0 ? new UserId(new UUID(9, 9)) : row.owner,
                    row.id,
                    random.nextInt(8) == 0 ? "other" : row.type,
                    Priority.LOW));
        }
        same(
                "claimThese",
                leases(table.claimThese(worker, tasks, LEASE)),
                leases(memory.claimThese(worker, tasks, LEASE)));
        return "claimThese";
    }

    private String claimLimited() {
        UUID worker = WORKERS.get(random.nextInt(2));
        int max = 1 + random.nextInt(3);
        same(
                "claimLimited",
                leases(table.claimLimited(worker, "limited", LIMITS, max, LEASE).tasks()),
                leases(memory.claimLimited(worker, "limited", LIMITS, max, LEASE)
                        .tasks()));
        return "claimLimited";
    }

    /// A new task that follows up to three of its owner's.
    private String follow() {
        List<InMemoryTaskStore.Row> rows = List.copyOf(memory.rows.values());
        if (rows.isEmpty()) {
            return "follow nothing";
        }
        UserId owner = some(rows).owner;
        Set<TaskId> after = new LinkedHashSet<>();
        for (int i = 0; i < 3; i++) {
            after.add(some(rows).id);
        }
        var id = new TaskId(new UUID(random.nextLong(), random.nextLong()));
        accepted++;
        var task = new NewTask(
                id,
                owner,
                "one",
                Priority.MEDIUM,
                "",
                "{}",
                Optional.of(PAST.plusMillis(accepted)),
                random.nextInt(6) == 0 ? Optional.of(PAST) : Optional.empty(),
                3,
                Optional.empty());
        List<Acceptance> tasks = List.of(new Acceptance(task, "{}", Optional.empty()));
        Map<TaskId, TaskStatus> found = memory.follow(owner, after);
        same("follow", follow(owner, after), found);
        same("accept", table.accept(tasks), memory.accept(tasks));
        List<TaskEdge> edges = found.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.comparing(TaskId::toString)))
                .map(p -> new TaskEdge(
                        id, p.getKey(), IfFailed.of(random.nextInt(IfFailed.values().length)), !isOver(p.getValue())))
                .toList();
        if (!edges.isEmpty()) {
            table.hold(owner, edges);
            memory.hold(owner, edges);
        }
        return "follow";
    }

    private Map<TaskId, TaskStatus> follow(UserId owner, Set<TaskId> after) {
        return table.follow(owner, after);
    }

    private static boolean isOver(TaskStatus status) {
        return status == TaskStatus.COMPLETED || status == TaskStatus.CANCELLED;
    }

    /// What comes after an ending without a result; both ways of it, whatever the statements before did.
    private void followUp(UserId owner, TaskId task) {
        TaskStatus status = memory.row(task).status;
        if (status == TaskStatus.DEAD_LETTER || status == TaskStatus.CANCELLED) {
            var ofTable = table.ended(owner, List.of(task), status);
            var ofMemory = memory.ended(owner, List.of(task), status);
            same("cancelled with it", leases(ofTable.cancelled()), leases(ofMemory.cancelled()));
            same("released by it", released(ofTable.released()), released(ofMemory.released()));
        }
    }

    private static Set<TaskId> released(List<TaskStore.Released> released) {
        return released.stream().map(TaskStore.Released::task).collect(Collectors.toSet());
    }

    private static Set<Lease> leases(List<ClaimedTask> tasks) {
        return tasks.stream().map(ClaimedTask::lease).collect(Collectors.toSet());
    }

    private String complete() {
        List<Ending> endings =
                someTask().map(t -> List.of(Ending.completed(t, "null"))).orElse(List.of());
        if (!endings.isEmpty()) {
            var ofTable = table.complete(endings);
            var ofMemory = memory.complete(endings);
            same("complete", ofTable.counted(), ofMemory.counted());
            same("released", released(ofTable.released()), released(ofMemory.released()));
        }
        return "complete";
    }

    private String end() {
        someTask().ifPresent(task -> {
            Duration delay = random.nextBoolean() ? Duration.ZERO : LONG;
            var code = ErrorCode.TASK_EXECUTION_FAILED;
            Ending ending = switch (random.nextInt(7)) {
                case 0 -> Ending.retry(task, Outcome.FAILED, delay, code, "failed");
                case 1 -> Ending.retry(task, Outcome.TIMED_OUT, delay, code, "failed");
                case 2 -> Ending.released(task);
                case 3 -> Ending.postponed(task, LONG);
                case 4 -> Ending.cancelled(task);
                case 5 -> Ending.dead(task, TaskStatus.RUNNING, Outcome.LOST, Cause.POISON, code, "lost");
                default -> Ending.dead(task, TaskStatus.PENDING, Outcome.DEADLINE, Cause.DEADLINE, code, "late");
            };
            Set<Lease> counted = memory.end(List.of(ending));
            same("end", table.end(List.of(ending)), counted);
            counted.forEach(lease -> followUp(lease.owner(), lease.task()));
        });
        return "end";
    }

    private String beat() {
        UUID worker = WORKERS.get(random.nextInt(2));
        List<Lease> leases = someLeases();
        same("beat", table.beat(worker, leases, LEASE), memory.beat(worker, leases, LEASE));
        return "beat";
    }

    private String progress() {
        Map<Lease, Double> done = new HashMap<>();
        someLeases().forEach(lease -> done.put(lease, random.nextInt(5) / 4.0));
        if (!done.isEmpty()) {
            table.progress(done);
            memory.progress(done);
        }
        return "progress";
    }

    private String cancel() {
        if (!memory.rows.isEmpty()) {
            InMemoryTaskStore.Row row = memory.row(some(memory.rows.keySet()));
            UserId owner = random.nextInt(5) == 0 ? new UserId(new UUID(9, 9)) : row.owner;
            same(
                    "cancel",
                    table.cancel(owner, row.id).getClass(),
                    memory.cancel(owner, row.id).getClass());
            followUp(owner, row.id);
        }
        return "cancel";
    }

    /// Time passes for the leases of one worker.
    private String expire() {
        UUID worker = WORKERS.get(random.nextInt(2));
        postgres.jdbc()
                .sql("update task set lease_until = '-infinity' where status = 1 and worker = :worker")
                .param("worker", worker)
                .update();
        memory.where(r -> r.status == TaskStatus.RUNNING && worker.equals(r.worker))
                .forEach(r -> r.leaseUntil = Long.MIN_VALUE);
        return "expire";
    }

    private String reap() {
        int crashes = 1 + random.nextInt(2);
        Set<String> unrepeatable = random.nextBoolean() ? Set.of() : Set.of("two");
        same(
                "expiredForGood",
                leases(table.expiredForGood(crashes, unrepeatable, 1000)),
                leases(memory.expiredForGood(crashes, unrepeatable, 1000)));
        same("reap", table.reap(crashes, unrepeatable, 1000), memory.reap(crashes, unrepeatable, 1000));
        return "reap";
    }

    private String look() {
        same("pastDeadline", leases(table.pastDeadline(1000)), leases(memory.pastDeadline(1000)));
        same(
                "ready",
                table.ready(List.of("one", "two", "limited", "none")),
                memory.ready(List.of("one", "two", "limited", "none")));
        same("backlogs", table.backlogs(), memory.backlogs());
        same("sizes", table.sizes(), memory.sizes());
        return "look";
    }

    private String rarely() {
        return switch (random.nextInt(4)) {
            case 0 -> hurry();
            case 1 -> releaseUnknown();
            case 2 -> lift();
            default -> join();
        };
    }

    private String hurry() {
        Set<TaskId> tasks = Set.copyOf(memory.rows.keySet());
        table.hurry(tasks);
        memory.hurry(tasks);
        return "hurry";
    }

    private String releaseUnknown() {
        UUID worker = WORKERS.get(random.nextInt(2));
        List<Lease> known = someLeases();
        same("releaseUnknown", table.releaseUnknown(worker, known), memory.releaseUnknown(worker, known));
        return "releaseUnknown";
    }

    private String lift() {
        Map<String, Integer> counts = Map.of("one", 1 + random.nextInt(2), "two", 1);
        same("lift", table.lift(counts, LONG), memory.lift(counts, LONG));
        return "lift";
    }

    private String join() {
        UUID worker = WORKERS.get(random.nextInt(2));
        table.join(worker, "home");
        memory.join(worker, "home");
        return "join";
    }

    /// A task as its latest attempt, or one before, would name it.
    private Optional<ClaimedTask> someTask() {
        if (memory.rows.isEmpty()) {
            return Optional.empty();
        }
        InMemoryTaskStore.Row row = memory.row(some(memory.rows.keySet()));
        ClaimedTask now = memory.claimed(row);
        int back = random.nextInt(4) == 0 ? 1 : 0;
        return Optional.of(new ClaimedTask(
                new Lease(row.owner, row.id, Math.max(0, row.attempts - back)),
                now.type(),
                now.input(),
                now.retryCount(),
                now.maxRetries(),
                now.crashRecoveries(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                now.cancelRequested()));
    }

    private List<Lease> someLeases() {
        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            someTask().map(ClaimedTask::lease).filter(l -> !leases.contains(l)).ifPresent(leases::add);
        }
        return leases;
    }

    private <T> T some(Collection<T> all) {
        return List.copyOf(all).get(random.nextInt(all.size()));
    }

    private static void same(String what, Object ofTable, Object ofMemory) {
        assertThat(ofTable).as(what).isEqualTo(ofMemory);
    }

    private static Map<String, String> rowsOfTable() {
        Map<String, String> rows = new TreeMap<>();
        postgres.jdbc().sql("select follower, predecessor, open from task_edge").query(row -> {
            rows.put(row.getString("follower") + " after " + row.getString("predecessor"), "" + row.getBoolean("open"));
        });
        postgres.jdbc().sql("""
                        select id, status, status = 6 as held, followed, attempts, retry_count, crash_recoveries, cancel_requested, level,
                               progress, coalesce(cause, '') as cause, lease_until is not null as leased
                        from task
                        """).query(row -> {
            rows.put(
                    row.getString("id"),
                    "%s %b %b %d %d %d %b %d %.2f %s %b"
                            .formatted(
                                    TaskStatus.of(row.getInt("status")),
                                    row.getBoolean("held"),
                                    row.getBoolean("followed"),
                                    row.getInt("attempts"),
                                    row.getInt("retry_count"),
                                    row.getInt("crash_recoveries"),
                                    row.getBoolean("cancel_requested"),
                                    row.getInt("level"),
                                    row.getDouble("progress"),
                                    row.getString("cause"),
                                    row.getBoolean("leased")));
        });
        return rows;
    }

    private Map<String, String> rowsOfMemory() {
        Map<String, String> rows = new TreeMap<>();
        memory.edges.forEach(e -> rows.put(e.follower + " after " + e.predecessor, "" + e.open));
        memory.rows
                .values()
                .forEach(row -> rows.put(
                        row.id.toString(),
                        "%s %b %b %d %d %d %b %d %.2f %s %b"
                                .formatted(
                                        row.status,
                                        row.held,
                                        row.followed,
                                        row.attempts,
                                        row.retryCount,
                                        row.crashRecoveries,
                                        row.cancelRequested,
                                        row.level,
                                        row.progress,
                                        row.cause == null ? "" : row.cause.wire(),
                                        row.status == TaskStatus.RUNNING)));
        return rows;
    }
}
