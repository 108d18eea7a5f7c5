package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// [TaskStore] in memory, as the table behaves: for simulations, by a clock of their own. `TaskStoreAgreementIT`
/// compares the two. For one thread.
class InMemoryTaskStore implements TaskStore {

    private static final long NEVER = Long.MIN_VALUE;

    /// As the table orders: by id as text, which for UUIDs is by their bytes.
    private static final Comparator<Row> BY_AGE =
            Comparator.<Row>comparingLong(r -> r.runAt).thenComparing(r -> r.id.toString());

    private static final Comparator<Row> BY_RANK =
            Comparator.<Row>comparingInt(r -> -r.level).thenComparing(BY_AGE);

    final Map<TaskId, Row> rows = new LinkedHashMap<>();
    final List<Edge> edges = new ArrayList<>();
    int statement;
    final Set<String> pausedTypes = new HashSet<>();
    private final Map<UUID, String> workers = new LinkedHashMap<>();
    private final Map<String, Tokens> tokens = new HashMap<>();
    private final LongSupplier nowMillis;

    InMemoryTaskStore(LongSupplier nowMillis) {
        this.nowMillis = nowMillis;
    }

    private record Tokens(double left, long at) {}

    /// A row of the table of edges.
    static final class Edge {
        final UserId owner;
        final TaskId follower;
        final TaskId predecessor;
        final IfFailed ifFailed;
        boolean open;
        long closedAt = NEVER;
        int closedBy;

        private Edge(UserId owner, TaskEdge edge) {
            this.owner = owner;
            follower = edge.follower();
            predecessor = edge.predecessor();
            ifFailed = edge.ifFailed();
            open = edge.open();
        }

        private void close(long now, int statement) {
            open = false;
            closedAt = now;
            closedBy = statement;
        }
    }

    /// Gives the way back to how everything is now, as a transaction that rolls back does.
    Runnable savepoint() {
        Map<TaskId, Row> rowsBefore = new LinkedHashMap<>(rows);
        List<Runnable> restores = new ArrayList<>();
        rows.values().forEach(row -> restores.add(row.savepoint()));
        List<Edge> edgesBefore = List.copyOf(edges);
        edges.forEach(edge -> {
            boolean open = edge.open;
            restores.add(() -> edge.open = open);
        });
        Map<UUID, String> workersBefore = new LinkedHashMap<>(workers);
        return () -> {
            rows.clear();
            rows.putAll(rowsBefore);
            edges.clear();
            edges.addAll(edgesBefore);
            workers.clear();
            workers.putAll(workersBefore);
            restores.forEach(Runnable::run);
        };
    }

    /// A row of the table.
    static final class Row {
        final UserId owner;
        final TaskId id;
        final String type;
        final String input;
        final int maxRetries;
        final Optional<String> uniqueKey;
        final Optional<String> limitKey;
        final long deadline;
        int level;
        TaskStatus status = TaskStatus.PENDING;
        /// Pending, but for other tasks to end.
        boolean held;
        boolean followed;
        long runAt;
        long leaseUntil = NEVER;

        @Nullable UUID worker;

        int attempts;
        int retryCount;
        int crashRecoveries;
        boolean cancelRequested;
        double progress;

        @Nullable Cause cause;

        @Nullable String result;

        private Row(Acceptance acceptance, long now) {
            NewTask task = acceptance.task();
            owner = task.owner();
            id = task.id();
            type = task.type();
            input = task.input();
            maxRetries = task.maxRetries();
            uniqueKey = acceptance.uniqueKey();
            limitKey = acceptance.limitKey();
            level = acceptance.level();
            runAt = task.runAt().map(Instant::toEpochMilli).orElse(now);
            deadline = task.deadline().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE);
        }

        private Runnable savepoint() {
            int levelThen = level;
            TaskStatus statusThen = status;
            boolean heldThen = held;
            boolean followedThen = followed;
            long runAtThen = runAt;
            long leaseUntilThen = leaseUntil;
            @Nullable UUID workerThen = worker;
            int attemptsThen = attempts;
            int retryCountThen = retryCount;
            int crashRecoveriesThen = crashRecoveries;
            boolean cancelRequestedThen = cancelRequested;
            double progressThen = progress;
            @Nullable Cause causeThen = cause;
            @Nullable String resultThen = result;
            return () -> {
                level = levelThen;
                status = statusThen;
                held = heldThen;
                followed = followedThen;
                runAt = runAtThen;
                leaseUntil = leaseUntilThen;
                worker = workerThen;
                attempts = attemptsThen;
                retryCount = retryCountThen;
                crashRecoveries = crashRecoveriesThen;
                cancelRequested = cancelRequestedThen;
                progress = progressThen;
                cause = causeThen;
                result = resultThen;
            };
        }

        private Lease lease() {
            return new Lease(owner, id, attempts);
        }

        boolean live() {
            return status == TaskStatus.PENDING || status == TaskStatus.RUNNING;
        }
    }

    long now() {
        return nowMillis.getAsLong();
    }

    ClaimedTask claimed(Row row) {
        return new ClaimedTask(
                row.lease(),
                row.type,
                row.input,
                row.retryCount,
                row.maxRetries,
                row.crashRecoveries,
                Optional.empty(),
                Optional.empty(),
                row.deadline == Long.MAX_VALUE
                        ? Optional.empty()
                        : Optional.of(Duration.ofMillis(row.deadline - now())),
                row.cancelRequested);
    }

    Row row(TaskId id) {
        return requireNonNull(rows.get(id), "row");
    }

    List<Row> where(Predicate<Row> condition) {
        return rows.values().stream().filter(condition).toList();
    }

    boolean due(Row row) {
        return row.status == TaskStatus.PENDING && !row.held && row.runAt <= now();
    }

    private boolean ready(Row row) {
        return due(row) && row.deadline > now();
    }

    boolean holds(Lease lease) {
        Row row = rows.get(lease.task());
        return row != null
                && row.owner.equals(lease.owner())
                && row.attempts == lease.fence()
                && row.status == TaskStatus.RUNNING;
    }

    @Override
    public int accept(List<Acceptance> tasks) {
        int accepted = 0;
        for (Acceptance task : tasks) {
            var row = new Row(task, now());
            boolean taken = rows.containsKey(row.id)
                    || (row.uniqueKey.isPresent()
                            && !where(r -> r.live()
                                            && r.owner.equals(row.owner)
                                            && r.type.equals(row.type)
                                            && r.uniqueKey.equals(row.uniqueKey))
                                    .isEmpty());
            if (!taken) {
                rows.put(row.id, row);
                accepted++;
            }
        }
        return accepted;
    }

    @Override
    public boolean acceptRunning(UUID worker, List<Acceptance> tasks, Duration lease) {
        if (tasks.stream().anyMatch(t -> rows.containsKey(t.task().id()))) {
            return false;
        }
        for (Acceptance task : tasks) {
            var row = new Row(task, now());
            rows.put(row.id, row);
            start(row, worker, lease);
        }
        return true;
    }

    @Override
    public boolean inTransaction() {
        return false;
    }

    @Override
    public void afterCommit(Runnable action) {
        action.run();
    }

    @Override
    public List<ClaimedTask> claim(UUID worker, Map<String, Integer> slots, int max, Duration lease) {
        List<Row> ready = new ArrayList<>();
        slots.forEach((type, free) -> where(r -> r.type.equals(type) && ready(r)).stream()
                .sorted(BY_RANK)
                .limit(Math.min(free, max))
                .forEach(ready::add));
        return ready.stream()
                .sorted(BY_RANK)
                .limit(max)
                .map(r -> start(r, worker, lease))
                .toList();
    }

    @Override
    public List<ClaimedTask> claimThese(UUID worker, Collection<ReadyTask> tasks, Duration lease) {
        return where(r -> ready(r)
                        && tasks.stream()
                                .anyMatch(t -> t.owner().equals(r.owner)
                                        && t.id().equals(r.id)
                                        && t.type().equals(r.type)))
                .stream()
                .map(r -> start(r, worker, lease))
                .toList();
    }

    ClaimedTask start(Row row, UUID worker, Duration lease) {
        row.status = TaskStatus.RUNNING;
        row.worker = worker;
        row.attempts++;
        row.leaseUntil = now() + lease.toMillis();
        return claimed(row);
    }

    @Override
    public Set<String> ready(Collection<String> types) {
        return where(r -> types.contains(r.type) && due(r)).stream()
                .map(r -> r.type)
                .collect(Collectors.toSet());
    }

    @Override
    public LimitedClaim claimLimited(UUID worker, String type, TaskLimits limits, int slots, Duration lease) {
        double left = limits.startsPerSecond().isPresent() ? tokens(type, limits) : Double.MAX_VALUE;
        long max = (long) Math.min(slots, Math.floor(left));
        if (limits.everywhereMax().isPresent()) {
            max = Math.min(
                    max, limits.everywhereMax().getAsInt() - runningOf(type).size());
        }
        Map<String, Long> rooms = new HashMap<>();
        List<ClaimedTask> claimed = new ArrayList<>();
        for (Row row : where(r -> r.type.equals(type) && ready(r)).stream()
                .sorted(BY_RANK)
                .toList()) {
            if (claimed.size() >= max) {
                break;
            }
            long room = limits.perKeyMax().isEmpty() || row.limitKey.equals(Optional.of(""))
                    ? max
                    : rooms.computeIfAbsent(
                            row.limitKey.orElseThrow(),
                            key -> limits.perKeyMax().getAsInt()
                                    - runningOf(type).stream()
                                            .filter(r -> r.limitKey.equals(Optional.of(key)))
                                            .count());
            if (room > 0) {
                claimed.add(start(row, worker, lease));
                row.limitKey.ifPresent(key -> rooms.computeIfPresent(key, (_, before) -> before - 1));
            }
        }
        if (limits.startsPerSecond().isEmpty()) {
            return new LimitedClaim(List.copyOf(claimed), Optional.empty());
        }
        left -= claimed.size();
        tokens.put(type, new Tokens(left, now()));
        double missing = Math.max(0, 1 - left) / limits.startsPerSecond().getAsDouble();
        return new LimitedClaim(
                List.copyOf(claimed),
                left < 1 ? Optional.of(Duration.ofNanos((long) (missing * 1e9))) : Optional.empty());
    }

    private double tokens(String type, TaskLimits limits) {
        Tokens before = tokens.getOrDefault(type, new Tokens(limits.burst(), now()));
        double gained = limits.startsPerSecond().orElseThrow() * Math.max(0, now() - before.at()) / 1000.0;
        return Math.min(limits.burst(), before.left() + gained);
    }

    List<Row> runningOf(String type) {
        return where(r -> r.status == TaskStatus.RUNNING && r.type.equals(type));
    }

    @Override
    public int lift(Map<String, Integer> counts, Duration waited) {
        int lifted = 0;
        for (var count : counts.entrySet()) {
            List<Row> late = where(r -> r.status == TaskStatus.PENDING
                            && !r.held
                            && r.type.equals(count.getKey())
                            && r.level < Level.TOP
                            && r.runAt <= now() - waited.toMillis())
                    .stream()
                    .sorted(BY_AGE)
                    .limit(count.getValue())
                    .toList();
            late.forEach(r -> r.level = Level.TOP);
            lifted += late.size();
        }
        return lifted;
    }

    @Override
    public Map<Backlogs.Key, Long> backlogs() {
        return where(this::due).stream()
                .collect(Collectors.groupingBy(r -> new Backlogs.Key(r.owner, r.type), Collectors.counting()));
    }

    @Override
    public Set<String> paused() {
        return Set.copyOf(pausedTypes);
    }

    @Override
    public Completed complete(List<Ending> completed) {
        int counted = 0;
        Map<UserId, List<TaskId>> followed = new LinkedHashMap<>();
        for (Ending ending : completed) {
            if (holds(ending.task().lease())) {
                Row row = row(ending.task().lease().task());
                finish(row, TaskStatus.COMPLETED);
                row.progress = 1;
                row.result = ending.result();
                counted++;
                if (isFollowed(row)) {
                    followed.computeIfAbsent(row.owner, _ -> new ArrayList<>()).add(row.id);
                }
            }
        }
        List<Released> released = new ArrayList<>();
        followed.forEach((owner, tasks) ->
                released.addAll(followUp(owner, tasks, TaskStatus.COMPLETED).released()));
        return new Completed(counted, released);
    }

    @Override
    public void lockGraph(UserId owner) {
        // One thread.
    }

    @Override
    public void lockIfLinked(UserId owner, TaskId task) {
        // One thread.
    }

    @Override
    public Map<TaskId, TaskStatus> follow(UserId owner, Collection<TaskId> predecessors) {
        Map<TaskId, TaskStatus> found = new HashMap<>();
        for (Row row : where(r -> r.owner.equals(owner) && predecessors.contains(r.id))) {
            row.followed |= row.live() || row.status == TaskStatus.DEAD_LETTER;
            found.put(row.id, row.status);
        }
        return found;
    }

    @Override
    public void hold(UserId owner, List<TaskEdge> added) {
        for (TaskEdge edge : added) {
            edges.add(new Edge(owner, edge));
            if (edge.open()) {
                row(edge.follower()).held |= row(edge.follower()).status == TaskStatus.PENDING;
                row(edge.predecessor()).followed = true;
            }
        }
    }

    @Override
    public Map<TaskId, TaskLinks> links(UserId owner, Collection<TaskId> followers) {
        throw new UnsupportedOperationException("for people, who don't ask this one");
    }

    @Override
    public Consequences ended(UserId owner, Collection<TaskId> tasks, TaskStatus status) {
        return followUp(owner, tasks, status);
    }

    private Consequences followUp(UserId owner, Collection<TaskId> tasks, TaskStatus status) {
        statement++;
        List<ClaimedTask> cancelled = new ArrayList<>();
        Set<TaskId> maybeReady = new HashSet<>();
        List<TaskId> over = new ArrayList<>(tasks);
        Map<TaskId, TaskStatus> as = new HashMap<>();
        tasks.forEach(task -> as.put(task, status));
        while (!over.isEmpty()) {
            TaskId ended = over.removeFirst();
            TaskStatus how = requireNonNull(as.get(ended), "status");
            for (Edge edge : List.copyOf(edges)) {
                if (!edge.open || !edge.owner.equals(owner)) {
                    continue;
                }
                if (edge.predecessor.equals(ended)) {
                    Row follower = row(edge.follower);
                    switch (edge.ifFailed.verdict(how)) {
                        case WAITS -> {}
                        case SATISFIED -> {
                            edge.close(now(), statement);
                            maybeReady.add(follower.id);
                        }
                        case CANCELLED -> {
                            edge.close(now(), statement);
                            if (follower.held) {
                                finish(follower, TaskStatus.CANCELLED);
                                follower.cancelRequested = true;
                                cancelled.add(claimed(follower));
                                over.add(follower.id);
                                as.put(follower.id, TaskStatus.CANCELLED);
                            }
                        }
                    }
                } else if (edge.follower.equals(ended) && (how == TaskStatus.CANCELLED || how == TaskStatus.FAILED)) {
                    edge.close(now(), statement);
                }
            }
        }
        return new Consequences(release(owner, maybeReady), cancelled);
    }

    private List<Released> release(UserId owner, Set<TaskId> followers) {
        List<Released> released = new ArrayList<>();
        for (Row row : where(r -> followers.contains(r.id) && r.owner.equals(owner) && r.held)) {
            if (!waits(row)) {
                row.held = false;
                row.runAt = Math.max(row.runAt, now());
                released.add(new Released(row.id, row.type, Duration.ofMillis(row.runAt - now())));
            }
        }
        return released;
    }

    boolean isFollowed(Row row) {
        return row.followed;
    }

    /// Whether something that it follows has not ended yet.
    boolean waits(Row follower) {
        return edges.stream().anyMatch(e -> e.open && e.follower.equals(follower.id));
    }

    void finish(Row row, TaskStatus status) {
        row.status = status;
        row.held = false;
        row.leaseUntil = NEVER;
    }

    @Override
    public Set<Lease> end(List<Ending> endings) {
        Set<Lease> counted = new HashSet<>();
        for (Ending ending : endings) {
            Lease lease = ending.task().lease();
            Row row = rows.get(lease.task());
            if (row != null
                    && row.owner.equals(lease.owner())
                    && row.attempts == lease.fence()
                    && row.status == ending.from()
                    && mayBecome(row, ending)) {
                apply(row, ending);
                counted.add(lease);
            }
        }
        return counted;
    }

    boolean mayBecome(Row row, Ending ending) {
        return (ending.to() != TaskStatus.PENDING || !row.cancelRequested)
                && (ending.to() != TaskStatus.CANCELLED || row.cancelRequested)
                && (ending.from() != TaskStatus.PENDING
                        || ending.outcome() != Outcome.DEADLINE
                        || row.deadline <= now());
    }

    private void apply(Row row, Ending ending) {
        finish(row, ending.to());
        if (ending.to() == TaskStatus.PENDING) {
            row.runAt = now() + ending.delay().toMillis();
        }
        if (ending.failed() && ending.from() == TaskStatus.RUNNING) {
            row.retryCount++;
        }
        row.crashRecoveries = switch (ending.outcome()) {
            case LOST -> row.crashRecoveries + 1;
            case RELEASED -> row.crashRecoveries;
            default -> 0;
        };
        row.cause = ending.cause();
    }

    @Override
    public Map<Lease, Boolean> beat(UUID worker, Collection<Lease> leases, Duration lease) {
        Map<Lease, Boolean> held = new HashMap<>();
        for (Lease one : leases) {
            if (holds(one)) {
                Row row = row(one.task());
                row.leaseUntil = now() + lease.toMillis();
                held.put(one, row.cancelRequested);
            }
        }
        return held;
    }

    @Override
    public void progress(Map<Lease, Double> done) {
        done.forEach((lease, progress) -> {
            if (holds(lease)) {
                Row row = row(lease.task());
                if (progress > row.progress) {
                    row.progress = progress;
                    row.crashRecoveries = 0;
                }
            }
        });
    }

    @Override
    public void log(List<LogLine> lines) {
        // Nobody reads it here.
    }

    @Override
    public void join(UUID worker, String home) {
        Set<UUID> former = workers.entrySet().stream()
                .filter(w -> w.getValue().equals(home) && !w.getKey().equals(worker))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        workers.keySet().removeAll(former);
        workers.put(worker, home);
        where(r -> r.status == TaskStatus.RUNNING && former.contains(r.worker)).forEach(r -> r.leaseUntil = NEVER);
    }

    @Override
    public void leave(UUID worker) {
        workers.remove(worker);
    }

    @Override
    public int releaseUnknown(UUID worker, Collection<Lease> known) {
        Set<TaskId> ids = known.stream().map(Lease::task).collect(Collectors.toSet());
        List<Row> unknown =
                where(r -> r.status == TaskStatus.RUNNING && worker.equals(r.worker) && !ids.contains(r.id));
        unknown.forEach(r -> finish(r, r.cancelRequested ? TaskStatus.RUNNING : TaskStatus.PENDING));
        return unknown.size();
    }

    boolean expired(Row row) {
        return row.status == TaskStatus.RUNNING && row.leaseUntil < now();
    }

    @Override
    public List<ClaimedTask> expiredForGood(int crashesBefore, Set<String> unrepeatable, int max) {
        return where(r -> expired(r) && forGood(r, crashesBefore, unrepeatable)).stream()
                .limit(max)
                .map(this::claimed)
                .toList();
    }

    private static boolean forGood(Row row, int crashesBefore, Set<String> unrepeatable) {
        return row.cancelRequested || row.crashRecoveries >= crashesBefore || unrepeatable.contains(row.type);
    }

    @Override
    public int reap(int crashesBefore, Set<String> unrepeatable, int max) {
        List<Row> expired = where(r -> expired(r) && !forGood(r, crashesBefore, unrepeatable)).stream()
                .limit(max)
                .toList();
        expired.forEach(this::reaped);
        return expired.size();
    }

    void reaped(Row row) {
        finish(row, TaskStatus.PENDING);
        row.crashRecoveries++;
    }

    @Override
    public List<ClaimedTask> pastDeadline(int max) {
        return where(r -> r.status == TaskStatus.PENDING && r.deadline <= now()).stream()
                .limit(max)
                .map(this::claimed)
                .toList();
    }

    @Override
    public Cancelled cancel(UserId owner, TaskId task) {
        Row row = rows.get(task);
        if (row == null || !row.owner.equals(owner) || !row.live()) {
            return new Cancelled.Nothing();
        }
        row.cancelRequested = true;
        if (row.status == TaskStatus.RUNNING) {
            return new Cancelled.Running(row.lease());
        }
        finish(row, TaskStatus.CANCELLED);
        return new Cancelled.Waiting(claimed(row));
    }

    @Override
    public void hurry(Collection<TaskId> tasks) {
        where(r -> tasks.contains(r.id) && r.status == TaskStatus.PENDING && !r.held && r.runAt > now())
                .forEach(r -> r.runAt = now());
    }

    @Override
    public Sizes sizes() {
        return new Sizes(
                where(r -> r.status == TaskStatus.PENDING).size(),
                where(r -> r.status == TaskStatus.DEAD_LETTER).size());
    }
}
