package dev.steward.tasks;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FailurePolicyTest {

    private final FailurePolicy policy = new FailurePolicy(TasksConfig.DEFAULTS, new Random(1));

    private static ClaimedTask task(int retryCount, int maxRetries, int crashes) {
        var lease = new Lease(TestWorker.OWNER, new TaskId(new UUID(1, 2)), retryCount + 1);
        return new ClaimedTask(
                lease,
                "work",
                "{}",
                retryCount,
                maxRetries,
                crashes,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    private final TaskHandler handler = new TestHandler("work", _ -> "null");

    @Test
    void theWaitIsDrawnFromZeroToTheDoublingBackoffAndNeverAboveItsMaximum() {
        for (int failures = 0; failures < 100; failures++) {
            Duration ceiling = Duration.ofSeconds(1L << Math.min(failures, 30));
            Duration most = TasksConfig.DEFAULTS.retry().max();
            for (int i = 0; i < 50; i++) {
                Ending ending = policy.failed(task(failures, 100, 0), handler, new IllegalStateException());
                assertThat(ending.delay()).isBetween(Duration.ZERO, ceiling.compareTo(most) < 0 ? ceiling : most);
            }
        }
    }

    @Test
    void waitsOfTasksThatFailedTogetherDiffer() {
        long different = java.util.stream.IntStream.range(0, 50)
                .mapToObj(_ -> policy.failed(task(6, 100, 0), handler, new IllegalStateException())
                        .delay())
                .distinct()
                .count();

        assertThat(different).isGreaterThan(40);
    }

    @Test
    void aTimeToComeAgainIsKept() {
        var busy = StewardException.busy(ErrorCode.RATE_LIMIT_EXCEEDED, "Slow down.", Duration.ofMinutes(3));

        assertThat(policy.failed(task(0, 3, 0), handler, busy).delay()).isEqualTo(Duration.ofMinutes(3));
    }

    @Test
    void theLastAllowedFailureMakesADeadLetter() {
        assertThat(policy.failed(task(2, 3, 0), handler, new IllegalStateException())
                        .to())
                .isEqualTo(TaskStatus.PENDING);
        assertThat(policy.failed(task(3, 3, 0), handler, new IllegalStateException())
                        .to())
                .isEqualTo(TaskStatus.DEAD_LETTER);
        assertThat(policy.timedOut(task(3, 3, 0), handler).cause()).isEqualTo(Cause.RETRIES_EXHAUSTED);
    }

    @Test
    void aTypeThatMustNotBeRepeatedBecomesADeadLetterWhereverItsOutcomeIsUnknown() {
        TaskHandler once = new TestHandler("once", _ -> "null").once();
        var away = new IllegalStateException(new SQLException("terminating connection", "57P01"));
        var known = new StewardException(ErrorCode.NETWORK_ERROR, "Refused before anything was done.");

        assertThat(policy.failed(task(0, 3, 0), once, new IllegalStateException())
                        .cause())
                .isEqualTo(Cause.UNKNOWN_OUTCOME);
        assertThat(policy.failed(task(0, 3, 0), once, away).cause()).isEqualTo(Cause.UNKNOWN_OUTCOME);
        assertThat(policy.timedOut(task(0, 3, 0), once).cause()).isEqualTo(Cause.UNKNOWN_OUTCOME);
        assertThat(policy.stopped(task(0, 3, 0), once).cause()).isEqualTo(Cause.UNKNOWN_OUTCOME);
        assertThat(policy.failed(task(0, 3, 0), once, known).to()).isEqualTo(TaskStatus.PENDING);
    }

    @Test
    void aTypesOwnRetryPolicyGoesBeforeTheConfiguration() {
        var policyOfType = new RetryPolicy(5, Duration.ZERO, Duration.ZERO);
        TaskHandler quick = new TestHandler("quick", _ -> "null").retrying(policyOfType);

        assertThat(policy.failed(task(6, 100, 0), quick, new IllegalStateException())
                        .delay())
                .isEqualTo(Duration.ZERO);
    }

    @Test
    void thatTheDatabaseWentAwayIsNotTheTasksFailure() {
        var away = new IllegalStateException(new SQLException("terminating connection", "57P01"));

        Ending ending = policy.failed(task(3, 3, 0), handler, away);

        assertThat(ending.to()).isEqualTo(TaskStatus.PENDING);
        assertThat(ending.failed()).isFalse();
        assertThat(ending.delay()).isBetween(Duration.ZERO, Duration.ofSeconds(2));
    }

    @Test
    void aTaskThatFindsTheDatabaseAwayAgainAndAgainFailsInTheEnd() {
        var away = new IllegalStateException(new SQLException("terminating connection", "57P01"));

        assertThat(policy.failed(task(FailurePolicy.OUTAGES_MAX, 3, 0), handler, away)
                        .to())
                .isEqualTo(TaskStatus.DEAD_LETTER);
    }

    @Test
    void aMessageIsKeptUpToItsLimit() {
        var failure = new StewardException(ErrorCode.NETWORK_ERROR, "x".repeat(10_000));

        assertThat(policy.failed(task(0, 3, 0), handler, failure).message()).hasSize(FailurePolicy.MESSAGE_MAX);
    }

    @Test
    void failuresThatDifferInNumbersAndIdsHaveOneFingerprint() {
        String one =
                Fingerprint.of("work", "network_error", "Backend 12 failed for 01a1fc86-7251-73d8-b8b9-d144c551e3f8");
        String two =
                Fingerprint.of("work", "network_error", "Backend 7 failed for 01a1fc86-743e-778e-8b5a-0da0d9f76b1c");

        assertThat(one).isEqualTo(two).hasSize(16);
        assertThat(Fingerprint.of("work", "network_error", "Something else")).isNotEqualTo(one);
        assertThat(Fingerprint.of("turn", "network_error", "Backend 12 failed")).isNotEqualTo(one);
    }

    @Test
    void whatBecomesOfATaskCanBeSaidInOtherLanguages() {
        TestHandler once = new TestHandler("work", _ -> "null").once();
        for (Ending ending : List.of(
                policy.failed(task(0, 3, 0), handler, new IllegalStateException("secret")),
                policy.failed(task(0, 3, 0), once, new IllegalStateException("secret")),
                policy.timedOut(task(0, 3, 0), handler),
                policy.timedOut(task(0, 3, 0), once),
                policy.stopped(task(0, 3, 0), once),
                policy.lostForGood(task(0, 3, 0)),
                policy.pastDeadline(task(0, 3, 0), TaskStatus.PENDING),
                policy.poison(task(0, 3, 2)),
                policy.unstorable(task(0, 3, 0)),
                Ending.cancelled(task(0, 3, 0)),
                Ending.cancelledWaiting(task(0, 3, 0)),
                Ending.cancelledBefore(task(0, 3, 0)))) {
            var kept = new Task.TaskError("task_execution_failed", String.valueOf(ending.message()));

            assertThat(TaskView.ErrorView.of(Optional.of(kept)))
                    .satisfies(error -> assertThat(requireNonNull(error).words())
                            .as(kept.message())
                            .isNotEmpty());
        }
    }
}
