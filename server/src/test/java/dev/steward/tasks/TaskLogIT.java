package dev.steward.tasks;

import static dev.steward.tasks.TestWorker.OWNER;
import static dev.steward.tasks.TestWorker.quick;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.Eventually;
import dev.steward.testing.PostgresFixture;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class TaskLogIT {

    @AutoClose
    static final PostgresFixture postgres = PostgresFixture.create();

    private final CountDownLatch gate = new CountDownLatch(1);

    private final TestHandler telling = new TestHandler("telling", attempt -> {
        attempt.log("begun " + attempt.number());
        if (attempt.number() == 1) {
            throw new IllegalStateException("once more");
        }
        gate.await();
        attempt.log("done");
        return "null";
    });

    @AutoClose
    private final TestWorker worker = TestWorker.started(postgres, "home-" + UUID.randomUUID(), quick(), telling);

    @Test
    void linesOfEveryAttemptAreKeptWhileItRunsAndAfter() {
        TaskId task = worker.accept("telling");

        Eventually.until("the second attempt's line is there", () -> lines(task).size() == 2);
        gate.countDown();
        Eventually.until("it is completed", () -> worker.statusOf(task) == TaskStatus.COMPLETED);

        assertThat(lines(task)).containsExactly("1 begun 1", "2 begun 2", "2 done");
    }

    private List<String> lines(TaskId task) {
        return worker.list.log(OWNER, task).stream()
                .map(l -> l.attempt() + " " + l.line())
                .toList();
    }

    @Test
    void theSameLineAgainChangesNothingAndALogGoesWithItsTask() {
        var lease = new Lease(OWNER, new TaskId(UUID.randomUUID()), 1);
        var line = new LogLine(lease, 0, Duration.ofSeconds(5), "told");

        worker.store.log(List.of(line));
        worker.store.log(List.of(line));

        assertThat(lines(lease.task())).containsExactly("1 told");
        worker.deadLetters.removeTraces();
        assertThat(lines(lease.task())).isEmpty();
    }
}
