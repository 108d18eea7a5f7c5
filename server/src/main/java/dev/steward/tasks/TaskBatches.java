package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.FieldFault;
import dev.steward.base.IdSource;
import dev.steward.base.Page;
import dev.steward.base.Principal;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import dev.steward.database.Transactions;
import dev.steward.web.PageRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Tasks that are accepted together, all or none, with what follows what, and perhaps a last one that follows all.
/// Safe for use by many threads.
final class TaskBatches {

    /// Tasks of one batch, without the final one: about a second of writing.
    static final int TASKS_MAX = 10_000;

    /// Longest request: 400 bytes for each of the most tasks, or fewer with more to them.
    static final int BYTES_MAX = 4 * 1024 * 1024;

    /// Pairs of tasks of which one follows the other, without those of the final task.
    static final int EDGES_MAX = 50_000;

    static final int NAME_MAX = 100;

    /// Faults that one answer tells; nobody reads ten thousand.
    private static final int FAULTS_MAX = 50;

    private final TaskDesk desk;
    private final DurableTaskQueue queue;
    private final TaskEngine engine;
    private final TaskStore tasks;
    private final TaskBatchStore store;
    private final TaskListStore list;
    private final Transactions transactions;
    private final IdSource ids;

    TaskBatches(
            TaskDesk desk,
            DurableTaskQueue queue,
            TaskEngine engine,
            TaskStore tasks,
            TaskBatchStore store,
            TaskListStore list,
            Transactions transactions,
            IdSource ids) {
        this.desk = requireNonNull(desk, "desk");
        this.queue = requireNonNull(queue, "queue");
        this.engine = requireNonNull(engine, "engine");
        this.tasks = requireNonNull(tasks, "tasks");
        this.store = requireNonNull(store, "store");
        this.list = requireNonNull(list, "list");
        this.transactions = requireNonNull(transactions, "transactions");
        this.ids = requireNonNull(ids, "ids");
    }

    /// Accepts all tasks of a batch, or none. The same id again gives the batch that is there.
    ///
    /// @param correlation the request's id
    /// @throws StewardException `validation_error` with the first faults; 409 when a unique key is taken
    BatchView create(Principal caller, UUID id, BatchRequest request, Optional<String> correlation) {
        UserId owner = caller.user();
        List<BatchRequest.Item> items = items(request);
        int size = items.size();
        List<FieldFault> faults = new ArrayList<>();
        desk.text("description", request.description(), TaskDesk.DESCRIPTION_MAX, faults);
        Map<String, Integer> places = places(items, faults);
        List<Set<Integer>> after = after(items, places, faults);
        if (faults.isEmpty()) {
            cycle(after)
                    .ifPresent(c -> faults.add(new FieldFault(
                            "tasks[" + c.getFirst() + "].after",
                            "cycle",
                            "goes round in a circle: "
                                    + c.stream()
                                            .map(place -> items.get(place).name())
                                            .collect(Collectors.joining(" after "))
                                    + "; leave out one of these")));
        }
        List<Acceptance> accepted = new ArrayList<>();
        for (int i = 0; i < size && faults.size() < FAULTS_MAX; i++) {
            accepted.add(checked(caller, items.get(i).request(), "tasks[" + i + "].", correlation, faults));
        }
        uniqueKeys(accepted, faults);
        Optional<Acceptance> last = Optional.ofNullable(request.finalTask())
                .map(f -> checked(caller, f.request(), "final.", correlation, faults));
        if (!faults.isEmpty()) {
            throw StewardException.invalid(faults.size() > FAULTS_MAX ? faults.subList(0, FAULTS_MAX) : faults);
        }
        transactions.inOne(() -> {
            boolean created = store.create(
                    owner,
                    id,
                    Optional.ofNullable(request.description()).orElse(""),
                    size,
                    last.map(a -> a.task().id()));
            if (created) {
                accept(owner, id, items, accepted, last, edges(items, request.finalTask(), accepted, after, last));
            }
            return created;
        });
        return find(owner, id);
    }

    private static List<BatchRequest.Item> items(BatchRequest request) {
        int size = Optional.ofNullable(request.tasks()).map(List::size).orElse(0);
        if (size < 1 || size > TASKS_MAX) {
            throw StewardException.invalid(
                    List.of(new FieldFault("tasks", "length", "must be 1 to " + TASKS_MAX + " tasks")));
        }
        List<BatchRequest.Item> items = new ArrayList<>();
        for (BatchRequest.@Nullable Item item : request.tasks()) {
            if (item == null) {
                throw StewardException.invalid(
                        List.of(new FieldFault("tasks[" + items.size() + "]", "type", "must be an object")));
            }
            items.add(item);
        }
        return items;
    }

    private void accept(
            UserId owner,
            UUID id,
            List<BatchRequest.Item> items,
            List<Acceptance> accepted,
            Optional<Acceptance> last,
            List<TaskEdge> edges) {
        List<Acceptance> all = new ArrayList<>(accepted);
        last.ifPresent(all::add);
        if (queue.acceptAll(all) < all.size()) {
            throw taken(owner, accepted);
        }
        // No lock: nobody else can know of these tasks before the commit.
        tasks.hold(owner, edges);
        store.addMembers(
                owner,
                id,
                accepted.stream().map(a -> a.task().id()).toList(),
                items.stream()
                        .map(t -> Optional.ofNullable(t.name()).orElse(""))
                        .toList());
    }

    private StewardException taken(UserId owner, List<Acceptance> accepted) {
        List<FieldFault> faults = new ArrayList<>();
        for (int i = 0; i < accepted.size() && faults.size() < FAULTS_MAX; i++) {
            Acceptance one = accepted.get(i);
            int place = i;
            one.uniqueKey()
                    .flatMap(key -> list.findUnique(owner, one.task().type(), key))
                    .filter(there -> !there.id().equals(one.task().id()))
                    .ifPresent(there -> faults.add(new FieldFault(
                            "tasks[" + place + "].unique_key",
                            "taken",
                            "waits or runs already as task " + there.id() + "; leave it out, or wait for its end")));
        }
        return new StewardException(
                ErrorCode.INVALID_INPUT,
                409,
                "A task with the same unique_key waits or runs already. Nothing was accepted.",
                null,
                faults,
                null);
    }

    private Acceptance checked(
            Principal caller,
            TaskRequest request,
            String prefix,
            Optional<String> correlation,
            List<FieldFault> faults) {
        List<FieldFault> its = new ArrayList<>();
        Acceptance acceptance = desk.checked(caller, new TaskId(ids.next()), request, correlation, its);
        its.addAll(queue.faults(acceptance.task()));
        its.forEach(f -> faults.add(new FieldFault(prefix + f.field(), f.rule(), f.message())));
        return acceptance;
    }

    private static Map<String, Integer> places(List<BatchRequest.Item> items, List<FieldFault> faults) {
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < items.size(); i++) {
            String name = items.get(i).name();
            if (name == null) {
                continue;
            }
            if (name.isBlank() || name.length() > NAME_MAX || name.chars().anyMatch(Character::isISOControl)) {
                faults.add(new FieldFault(
                        "tasks[" + i + "].name", "length", "must have 1 to " + NAME_MAX + " characters on one line"));
            } else if (places.putIfAbsent(name, i) != null) {
                faults.add(new FieldFault(
                        "tasks[" + i + "].name", "duplicate", "is the name of tasks[" + places.get(name) + "] too"));
            }
        }
        return places;
    }

    /// For each task the places of those that it follows.
    private static List<Set<Integer>> after(
            List<BatchRequest.Item> items, Map<String, Integer> places, List<FieldFault> faults) {
        List<Set<Integer>> after = new ArrayList<>();
        int edges = 0;
        for (int i = 0; i < items.size(); i++) {
            List<String> names = Optional.ofNullable(items.get(i).after()).orElse(List.of());
            Set<Integer> its = new LinkedHashSet<>();
            if (names.size() > TaskGraph.AFTER_MAX) {
                faults.add(new FieldFault(
                        "tasks[" + i + "].after", "length", "must name at most " + TaskGraph.AFTER_MAX + " tasks"));
            } else {
                for (int n = 0; n < names.size(); n++) {
                    Integer place = places.get(names.get(n));
                    if (place == null) {
                        faults.add(new FieldFault(
                                "tasks[" + i + "].after[" + n + "]",
                                "not_found",
                                "must be the name of a task of this batch"));
                    } else {
                        its.add(place);
                    }
                }
            }
            if (names.isEmpty() && items.get(i).ifFailed() != null) {
                faults.add(new FieldFault(
                        "tasks[" + i + "].if_failed",
                        "alone",
                        "is about the tasks in after; name them, or leave it out"));
            }
            edges += its.size();
            after.add(its);
        }
        if (edges > EDGES_MAX) {
            faults.add(new FieldFault("tasks", "edges", "must name at most " + EDGES_MAX + " others in after, in all"));
        }
        return after;
    }

    /// Tasks that follow each other in a circle, the first one again at the end; empty when there is none.
    private static Optional<List<Integer>> cycle(List<Set<Integer>> after) {
        int[] left = new int[after.size()];
        Map<Integer, List<Integer>> followers = new HashMap<>();
        Deque<Integer> free = new ArrayDeque<>();
        for (int i = 0; i < left.length; i++) {
            left[i] = after.get(i).size();
            for (int predecessor : after.get(i)) {
                followers.computeIfAbsent(predecessor, _ -> new ArrayList<>()).add(i);
            }
            if (left[i] == 0) {
                free.add(i);
            }
        }
        int sorted = 0;
        for (Integer next = free.poll(); next != null; next = free.poll()) {
            sorted++;
            for (int follower : followers.getOrDefault(next, List.of())) {
                if (--left[follower] == 0) {
                    free.add(follower);
                }
            }
        }
        if (sorted == left.length) {
            return Optional.empty();
        }
        // What is left over follows something else that is left over: going back leads into a circle.
        int at = 0;
        while (left[at] == 0) {
            at++;
        }
        Map<Integer, Integer> seen = new LinkedHashMap<>();
        while (seen.putIfAbsent(at, seen.size()) == null) {
            at = after.get(at).stream().filter(p -> left[p] > 0).findFirst().orElseThrow();
        }
        List<Integer> circle = new ArrayList<>(seen.keySet()).subList(seen.getOrDefault(at, 0), seen.size());
        List<Integer> closed = new ArrayList<>(circle);
        closed.add(at);
        return Optional.of(closed);
    }

    private static void uniqueKeys(List<Acceptance> accepted, List<FieldFault> faults) {
        Set<List<String>> keys = new HashSet<>();
        for (int i = 0; i < accepted.size(); i++) {
            Acceptance one = accepted.get(i);
            if (one.uniqueKey().isPresent()
                    && !keys.add(List.of(one.task().type(), one.uniqueKey().get()))) {
                faults.add(new FieldFault(
                        "tasks[" + i + "].unique_key",
                        "duplicate",
                        "must differ from those of the others of its type"));
            }
        }
    }

    private static List<TaskEdge> edges(
            List<BatchRequest.Item> items,
            BatchRequest.@Nullable Final asked,
            List<Acceptance> accepted,
            List<Set<Integer>> after,
            Optional<Acceptance> last) {
        List<TaskEdge> edges = new ArrayList<>();
        for (int i = 0; i < accepted.size(); i++) {
            TaskId follower = accepted.get(i).task().id();
            IfFailed policy = orElse(items.get(i).ifFailed(), IfFailed.WAIT);
            for (int predecessor : after.get(i)) {
                edges.add(
                        new TaskEdge(follower, accepted.get(predecessor).task().id(), policy, true));
            }
        }
        if (last.isPresent() && asked != null) {
            IfFailed policy = orElse(asked.ifFailed(), IfFailed.RUN);
            accepted.forEach(
                    a -> edges.add(new TaskEdge(last.get().task().id(), a.task().id(), policy, true)));
        }
        return edges;
    }

    private static IfFailed orElse(@Nullable IfFailed given, IfFailed fallback) {
        return given == null ? fallback : given;
    }

    BatchView find(UserId owner, UUID id) {
        return store.find(owner, id).orElseThrow(() -> StewardException.notFound("batch"));
    }

    Page<BatchView> list(UserId owner, PageRequest page) {
        return store.list(owner, page.descending(), page.cursor(), page.limit());
    }

    Page<TaskBatchStore.Member> members(UserId owner, UUID id, PageRequest page) {
        find(owner, id);
        return store.members(owner, id, page.cursor(), page.limit());
    }

    /// Cancels what of it has not ended, its final task too. Again changes nothing.
    BatchView cancel(UserId owner, UUID id) {
        find(owner, id);
        engine.cancelAll(owner, () -> store.cancel(owner, id));
        return find(owner, id);
    }
}
