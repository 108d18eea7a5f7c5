package dev.steward.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/// Thousands of seeded runs of [TaskQueueSimulation]: `-Dsimulation.seeds=10000` for more of them,
/// `-Dsimulation.seed=…` for one again.
class TaskQueueSimulationTest {

    private static final int SEEDS = Integer.getInteger("simulation.seeds", 1000);
    private static final int SEEDS_TO_FIND_A_BUG = 2000;
    private static final Logger ENGINE = (Logger) LoggerFactory.getLogger(TaskEngine.class);

    @BeforeAll
    static void quiet() {
        ENGINE.setLevel(Level.OFF); // What goes wrong here is meant to.
    }

    @AfterAll
    static void loud() {
        ENGINE.setLevel(null);
    }

    @Test
    void whateverDiesOrFailsNothingIsLostAndNothingTakesEffectTwice() {
        Long one = Long.getLong("simulation.seed");
        long first = one == null ? 0 : one;
        long begun = System.nanoTime();
        for (long seed = first; seed < first + (one == null ? SEEDS : 1); seed++) {
            assertThat(fault(seed, InMemoryTaskStore::new))
                    .as("-Dsimulation.seed=" + seed)
                    .isEmpty();
        }
        System.out.println("simulation: " + SEEDS + " seeds in " + (System.nanoTime() - begun) / 1_000_000 + " ms");
    }

    @ParameterizedTest
    @EnumSource
    void aPlantedBugIsFound(Bug bug) {
        for (long seed = 0; seed < SEEDS_TO_FIND_A_BUG; seed++) {
            Optional<String> fault = fault(seed, now -> new Planted(bug, now));
            if (fault.isPresent()) {
                System.out.println("simulation: " + bug + " found by seed " + seed + ": " + fault.get());
                return;
            }
        }
        assertThat(bug).as("not found within " + SEEDS_TO_FIND_A_BUG + " seeds").isNull();
    }

    private static Optional<String> fault(long seed, Function<LongSupplier, InMemoryTaskStore> tables) {
        try {
            new TaskQueueSimulation(seed, tables).run();
            return Optional.empty();
        } catch (TaskQueueSimulation.Broken e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    enum Bug {
        A_STALE_RESULT_COUNTS,
        RUNNING_TASKS_ARE_CLAIMED,
        LEASES_DO_NOT_HOLD,
        LOST_WORKERS_ARE_NOT_COUNTED,
        CANCELLED_TASKS_COME_BACK,
        A_LIMIT_COUNTS_ONE_WORKER_ONLY,
        AN_ID_IS_ACCEPTED_TWICE,
        RESULTS_ARE_CONFIRMED_BUT_NOT_WRITTEN,
        /// Two predecessors that end together don't see each other's end.
        A_RELEASE_IS_LOST_WHEN_TWO_END_TOGETHER,
        A_FOLLOWER_THAT_COMES_AFTER_THE_CLAIM_IS_FORGOTTEN,
        THE_FIRST_PREDECESSOR_RELEASES,
        AN_ID_IS_STARTED_TWICE,
        WHAT_STARTS_AT_ONCE_IS_NOT_KEPT
    }

    /// The store with one fault of the kind that slips into such statements.
    private static final class Planted extends InMemoryTaskStore {

        private final Bug bug;
        private final Map<TaskId, Boolean> followedWhenClaimed = new HashMap<>();
        private UUID claiming = new UUID(0, 0);

        Planted(Bug bug, LongSupplier nowMillis) {
            super(nowMillis);
            this.bug = bug;
        }

        private boolean has(Bug which) {
            return bug == which;
        }

        @Override
        boolean holds(Lease lease) {
            Row row = rows.get(lease.task());
            return has(Bug.A_STALE_RESULT_COUNTS)
                    ? row != null && row.status == TaskStatus.RUNNING
                    : super.holds(lease);
        }

        @Override
        boolean due(Row row) {
            return super.due(row) || (has(Bug.RUNNING_TASKS_ARE_CLAIMED) && row.status == TaskStatus.RUNNING);
        }

        @Override
        boolean expired(Row row) {
            return has(Bug.LEASES_DO_NOT_HOLD) ? row.status == TaskStatus.RUNNING : super.expired(row);
        }

        @Override
        void reaped(Row row) {
            if (has(Bug.LOST_WORKERS_ARE_NOT_COUNTED)) {
                finish(row, TaskStatus.PENDING);
            } else {
                super.reaped(row);
            }
        }

        @Override
        boolean mayBecome(Row row, Ending ending) {
            return has(Bug.CANCELLED_TASKS_COME_BACK) || super.mayBecome(row, ending);
        }

        @Override
        public LimitedClaim claimLimited(UUID worker, String type, TaskLimits limits, int slots, Duration lease) {
            claiming = worker;
            return super.claimLimited(worker, type, limits, slots, lease);
        }

        @Override
        List<Row> runningOf(String type) {
            List<Row> running = super.runningOf(type);
            boolean own = has(Bug.A_LIMIT_COUNTS_ONE_WORKER_ONLY) && !claiming.equals(new UUID(0, 0));
            UUID worker = claiming;
            claiming = new UUID(0, 0);
            return own ? running.stream().filter(r -> worker.equals(r.worker)).toList() : running;
        }

        @Override
        ClaimedTask start(Row row, UUID worker, Duration lease) {
            followedWhenClaimed.put(row.id, row.followed);
            return super.start(row, worker, lease);
        }

        @Override
        boolean isFollowed(Row row) {
            return has(Bug.A_FOLLOWER_THAT_COMES_AFTER_THE_CLAIM_IS_FORGOTTEN)
                    ? followedWhenClaimed.getOrDefault(row.id, false)
                    : super.isFollowed(row);
        }

        @Override
        boolean waits(Row follower) {
            if (has(Bug.THE_FIRST_PREDECESSOR_RELEASES)) {
                return false;
            }
            // What closed at the same instant by another statement was not committed yet when this one began.
            return super.waits(follower)
                    || (has(Bug.A_RELEASE_IS_LOST_WHEN_TWO_END_TOGETHER)
                            && edges.stream()
                                    .anyMatch(e -> e.follower.equals(follower.id)
                                            && e.closedAt == now()
                                            && e.closedBy != statement));
        }

        @Override
        public int accept(List<Acceptance> tasks) {
            if (has(Bug.AN_ID_IS_ACCEPTED_TWICE)) {
                tasks.forEach(t -> rows.remove(t.task().id()));
            }
            return super.accept(tasks);
        }

        @Override
        public boolean acceptRunning(UUID worker, List<Acceptance> tasks, Duration lease) {
            if (has(Bug.AN_ID_IS_STARTED_TWICE)) {
                tasks.forEach(t -> rows.remove(t.task().id()));
            }
            return has(Bug.WHAT_STARTS_AT_ONCE_IS_NOT_KEPT) || super.acceptRunning(worker, tasks, lease);
        }

        @Override
        public Completed complete(List<Ending> completed) {
            return has(Bug.RESULTS_ARE_CONFIRMED_BUT_NOT_WRITTEN)
                    ? new Completed(completed.size(), List.of())
                    : super.complete(completed);
        }
    }
}
