package dev.steward.tasks;

import static dev.steward.tasks.TestWorker.OWNER;
import static dev.steward.tasks.TestWorker.newTask;
import static dev.steward.tasks.TestWorker.quick;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steward.assistant.input.InputSettings;
import dev.steward.assistant.input.InputValidator;
import dev.steward.base.Cursor;
import dev.steward.base.ErrorCode;
import dev.steward.base.Page;
import dev.steward.base.Principal;
import dev.steward.base.Role;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import dev.steward.testing.Eventually;
import dev.steward.testing.PostgresFixture;
import dev.steward.web.Json;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class DeadLetterIT {

    @AutoClose
    static final PostgresFixture postgres = PostgresFixture.create();

    private static final Principal ME = principal(OWNER, Role.USER);
    private static final Principal SOMEBODY = principal(new UserId(UUID.randomUUID()), Role.USER);
    private static final Principal OPERATOR = principal(new UserId(UUID.randomUUID()), Role.OPERATOR);

    private final AtomicBoolean broken = new AtomicBoolean(true);
    private final JsonMapper json = Json.mapper();
    private final TestHandler handler = new TestHandler("work", a -> {
        if (broken.get()) {
            throw new StewardException(ErrorCode.VALIDATION_ERROR, "Broken.");
        }
        return "null";
    });
    private TestWorker worker = unstarted();
    private DeadLetters deadLetters = deadLetters();
    private TaskDesk desk = desk();

    @BeforeEach
    void startWorker() {
        worker.start();
    }

    @AfterEach
    void stopWorker() {
        worker.close();
        postgres.jdbc().sql("truncate task, task_attempt, task_replay, worker").update();
    }

    private TestWorker unstarted() {
        return new TestWorker(
                postgres, "home-" + UUID.randomUUID(), quick(), handler, new NoopHandler(json, false, () -> {}));
    }

    private DeadLetters deadLetters() {
        return new DeadLetters(worker.deadLetters, worker.handlers, worker.engine, worker.list, quick(), json);
    }

    private TaskDesk desk() {
        return new TaskDesk(
                worker.handlers,
                worker.queue,
                worker.graph,
                worker.list,
                InstantSource.system(),
                json,
                new InputValidator(InputSettings.defaults()),
                NoRecurringTasks::new);
    }

    private static Principal principal(UserId user, Role role) {
        return new Principal(user, role, UUID.randomUUID(), EnumSet.allOf(dev.steward.base.Permission.class));
    }

    private TaskId dead() {
        TaskId task = worker.accept(newTask("work"));
        Eventually.until("it is dead", () -> worker.statusOf(task) == TaskStatus.DEAD_LETTER);
        return task;
    }

    @Test
    void aDeadLetterSentBackRunsAgainAndItsHistoryStays() {
        TaskId task = dead();
        broken.set(false);

        deadLetters.retry(ME, task, new DeadLetters.Retry(null, "mended"));

        Eventually.until("it is done", () -> worker.statusOf(task) == TaskStatus.COMPLETED);
        assertThat(worker.outcomes(task)).containsExactly("failed", "completed");
        assertThat(worker.task(task).replays()).isEqualTo(1);
        assertThat(worker.task(task).cause()).isEmpty();
        assertThat(postgres.jdbc()
                        .sql("select reason from task_replay where task = :task")
                        .param("task", task.value())
                        .query(String.class)
                        .single())
                .isEqualTo("mended");
    }

    @Test
    void aForeignDeadLetterIsNotThereButForOperators() {
        TaskId task = dead();

        assertThatThrownBy(() -> deadLetters.find(SOMEBODY, task)).isInstanceOf(StewardException.class);
        assertThatThrownBy(() -> deadLetters.retry(SOMEBODY, task, new DeadLetters.Retry(null, null)))
                .isInstanceOf(StewardException.class);
        assertThatThrownBy(() -> deadLetters.dismiss(SOMEBODY, task)).isInstanceOf(StewardException.class);
        assertThat(deadLetters.find(OPERATOR, task).id()).isEqualTo(task);
    }

    @Test
    void aDismissedDeadLetterHasFailedForGood() {
        TaskId task = dead();

        deadLetters.dismiss(ME, task);

        assertThat(worker.statusOf(task)).isEqualTo(TaskStatus.FAILED);
        assertThatThrownBy(() -> deadLetters.dismiss(ME, task)).isInstanceOf(StewardException.class);
    }

    @Test
    void dismissingACauseTellsFirstHowManyTasksWaitForIt() {
        TaskId one = dead();
        TaskId two = dead();
        String fingerprint = worker.task(one).fingerprint().orElseThrow();
        NewTask both = newTask("work");
        worker.graph.accept(Acceptance.of(both), List.of(one, two), IfFailed.WAIT);
        NewTask second = newTask("work");
        worker.graph.accept(Acceptance.of(second), List.of(two), IfFailed.WAIT);

        assertThat(worker.deadLetters.waiting(OWNER, List.of(one, two))).isEqualTo(Map.of(one, 1L, two, 2L));
        assertThat(deadLetters.dismissAll(ME, new DeadLetters.BulkDismiss(fingerprint, true)))
                .isEqualTo(new DeadLetters.BulkDismissed(2, 0, true, 2));
        assertThat(deadLetters.dismissAll(SOMEBODY, new DeadLetters.BulkDismiss(fingerprint, null)))
                .isEqualTo(new DeadLetters.BulkDismissed(0, 0, false, 0));
        assertThat(worker.statusOf(both.id())).isEqualTo(TaskStatus.PENDING);
        assertThat(deadLetters.dismissAll(ME, new DeadLetters.BulkDismiss(fingerprint, null)))
                .isEqualTo(new DeadLetters.BulkDismissed(2, 2, false, 2));
        assertThat(worker.statusOf(both.id())).isEqualTo(TaskStatus.CANCELLED);
        assertThat(worker.statusOf(second.id())).isEqualTo(TaskStatus.CANCELLED);
    }

    @Test
    void allOfOneCauseAreCountedInADryRunAndSentBackTogether() {
        TaskId first = dead();
        TaskId second = dead();
        String fingerprint = worker.task(first).fingerprint().orElseThrow();
        broken.set(false);

        var all = new DeadLetters.BulkRetry(fingerprint, null, null, null, null);
        assertThat(deadLetters.retryAll(ME, new DeadLetters.BulkRetry(fingerprint, null, null, true, null)))
                .isEqualTo(new DeadLetters.BulkRetried(2, 0, true, 100));
        assertThat(deadLetters.retryAll(SOMEBODY, all)).isEqualTo(new DeadLetters.BulkRetried(0, 0, false, 100));
        assertThat(deadLetters.retryAll(ME, all)).isEqualTo(new DeadLetters.BulkRetried(2, 2, false, 100));

        Eventually.until(
                "both are done",
                () -> List.of(first, second).stream().allMatch(t -> worker.statusOf(t) == TaskStatus.COMPLETED));
    }

    @Test
    void thoseThatAreNamedAreSentBackAtTheRateThatIsAskedForAndItIsKeptWhoDidItAndWhy() {
        List<TaskId> some = List.of(dead(), dead(), dead());
        TaskId other = dead();
        broken.set(false);

        var request = new DeadLetters.BulkRetry(
                null, some.stream().map(TaskId::value).toList(), 0.001, null, "backend is back");
        assertThat(deadLetters.retryAll(ME, request).replayed()).isEqualTo(3);

        Eventually.until(
                "the first ran at once", () -> some.stream().anyMatch(t -> worker.statusOf(t) == TaskStatus.COMPLETED));
        assertThat(some.stream().map(worker::statusOf).filter(TaskStatus.PENDING::equals))
                .hasSize(2);
        assertThat(worker.statusOf(other)).isEqualTo(TaskStatus.DEAD_LETTER);
        assertThat(worker.list.replays(TestWorker.OWNER, some.getFirst()))
                .singleElement()
                .satisfies(r -> {
                    assertThat(r.actor()).isEqualTo(ME.user().value());
                    assertThat(r.reason()).isEqualTo("backend is back");
                    assertThat(r.inputBefore()).isEmpty();
                });
        assertThatThrownBy(() -> deadLetters.retryAll(ME, new DeadLetters.BulkRetry(null, null, null, null, null)))
                .isInstanceOf(StewardException.class);
    }

    @Test
    void cleanupRemovesTheOldAndTheOldestAboveTheLimit() {
        TaskId old = dead();
        TaskId surplus = dead();
        TaskId kept = dead();
        postgres.jdbc()
                .sql("update task set completed_at = now() - interval '2 days' where id = :id")
                .param("id", old.value())
                .update();

        TaskJanitor.Cleanup done = worker.deadLetters.clean(Duration.ofDays(1), 1);

        assertThat(done).isEqualTo(new TaskJanitor.Cleanup(2, 1));
        assertThat(worker.list.find(OWNER, old)).isEmpty();
        assertThat(worker.list.find(OWNER, surplus)).isEmpty();
        assertThat(worker.list.find(OWNER, kept)).isPresent();
    }

    @Test
    void finishedTasksAreRemovedAfterTheirTimeAndOthersStay() {
        broken.set(false);
        TaskId done = worker.accept("work");
        TaskId waiting = worker.accept("nobody-runs-this");
        Eventually.until("it is done", () -> worker.statusOf(done) == TaskStatus.COMPLETED);
        postgres.jdbc()
                .sql(
                        "update task set created = now() - interval '9 days', completed_at = completed_at - interval '9 days'")
                .update();

        assertThat(worker.deadLetters.removeFinished(Duration.ofDays(8))).isEqualTo(1);

        assertThat(worker.list.find(OWNER, done)).isEmpty();
        assertThat(worker.list.find(OWNER, waiting)).isPresent();
    }

    @Test
    void listsGoOnWhereThePageBeforeEnded() {
        List<TaskId> all = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            all.add(worker.accept(newTask("nobody-runs-this", i % 2 == 0 ? Priority.HIGH : Priority.LOW, 0)));
        }
        for (String sort : List.of("created", "updated", "run_at", "completed_at", "deadline", "priority")) {
            List<TaskId> seen = new ArrayList<>();
            Optional<Cursor> cursor = Optional.empty();
            do {
                Page<Task> page = worker.list.list(query(sort, cursor));
                page.items().forEach(t -> seen.add(t.id()));
                cursor = page.nextCursor();
            } while (cursor.isPresent());
            assertThat(seen).as(sort).containsExactlyInAnyOrderElementsOf(all);
        }
        assertThatThrownBy(() -> worker.list.list(query("updated", Optional.of(new Cursor("'x", UUID.randomUUID())))))
                .isInstanceOf(StewardException.class);
    }

    private static TaskListStore.Query query(String sort, Optional<Cursor> cursor) {
        return new TaskListStore.Query(
                Optional.of(OWNER),
                Optional.of(TaskStatus.PENDING),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                sort,
                true,
                cursor,
                3);
    }

    @Test
    void aUniqueKeyGivesTheTaskThatIsThereUntilItIsOver() {
        TaskId first = new TaskId(UUID.randomUUID());
        TaskRequest request = request("{\"duration_ms\": 600000}", "key");

        Task made = desk.create(OPERATOR, first, request, Optional.empty());
        Task again = desk.create(OPERATOR, new TaskId(UUID.randomUUID()), request, Optional.empty());
        worker.queue.cancel(OPERATOR.user(), first);
        Eventually.until(
                "it is cancelled",
                () -> worker.list
                        .find(OPERATOR.user(), first)
                        .map(t -> t.status() == TaskStatus.CANCELLED)
                        .orElse(false));
        Task third = desk.create(OPERATOR, new TaskId(UUID.randomUUID()), request("{}", "key"), Optional.empty());

        assertThat(made.id()).isEqualTo(first);
        assertThat(again.id()).isEqualTo(first);
        assertThat(third.id()).isNotEqualTo(first);
    }

    private TaskRequest request(String input, String uniqueKey) {
        return new TaskRequest(
                "noop", null, null, json.readTree(input), null, null, null, null, null, null, null, null, uniqueKey);
    }

    @Test
    void everyFaultOfARequestIsNamedAndNothingIsMade() {
        var request = new TaskRequest(
                "noop",
                "x".repeat(501),
                json.readTree("7"),
                json.readTree("[]"),
                null,
                InstantSource.system().instant().minusSeconds(1),
                null,
                new TaskSchedule("* * * * *", null, null, null, null, null, null, null),
                101,
                null,
                null,
                null,
                null);

        assertThatThrownBy(() -> desk.create(OPERATOR, new TaskId(UUID.randomUUID()), request, Optional.empty()))
                .isInstanceOfSatisfying(StewardException.class, e -> {
                    assertThat(e.status()).isEqualTo(422);
                    assertThat(e.faults())
                            .extracting(f -> f.field())
                            .containsExactlyInAnyOrder(
                                    "description",
                                    "priority",
                                    "input",
                                    "deadline", // It is past,
                                    "deadline", // and not for a task that recurs.
                                    "schedule",
                                    "max_retries");
                });
    }

    @Test
    void aTypeThatPeopleMayNotCreateIsRefusedWithThoseTheyMay() {
        for (String type : List.of("work", "reminder", "http", "")) {
            var request = new TaskRequest(type, null, null, null, null, null, null, null, null, null, null, null, null);
            assertThatThrownBy(() -> desk.create(OPERATOR, new TaskId(UUID.randomUUID()), request, Optional.empty()))
                    .isInstanceOf(StewardException.class)
                    .hasMessageContaining("noop");
        }
    }

    @Test
    void onlyOperatorsCreateNoopsAndNobodyKillsWorkersUnlessDrillsAreOn() {
        assertThatThrownBy(() -> desk.create(ME, new TaskId(UUID.randomUUID()), request("{}", "key"), Optional.empty()))
                .isInstanceOfSatisfying(
                        StewardException.class, e -> assertThat(e.status()).isEqualTo(403));
        assertThatThrownBy(() -> desk.create(
                        OPERATOR,
                        new TaskId(UUID.randomUUID()),
                        request("{\"kill_worker\": true, \"other\": 1, \"fail_times\": -1}", "key"),
                        Optional.empty()))
                .isInstanceOfSatisfying(
                        StewardException.class,
                        e -> assertThat(e.faults())
                                .extracting(f -> f.field())
                                .containsExactlyInAnyOrder("input.kill_worker", "input.other", "input.fail_times"));
    }
}
