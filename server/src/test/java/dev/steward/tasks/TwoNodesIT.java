package dev.steward.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.database.Peers;
import dev.steward.testing.Eventually;
import dev.steward.testing.PostgresFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Two processes on one database: one accepts, the other one works, and looks at the table by itself so rarely that
/// only a word can make it start in time.
class TwoNodesIT {

    private static final Duration RARELY = Duration.ofMinutes(1);
    private static final Duration SOON = Duration.ofSeconds(20);

    @AutoClose
    private final PostgresFixture postgres = PostgresFixture.create();

    private final List<TestWorker> workers = new ArrayList<>();
    private final Peers here = new Peers(postgres.singles(), postgres.dataSource());
    private final Peers there = new Peers(postgres.singles(), postgres.dataSource());
    private final SynchronousQueue<Long> started = new SynchronousQueue<>();

    /// What is heard before this is listened to from the first moment on; what comes later, within a second.
    private void meet() {
        here.start();
        there.start();
        Eventually.until("they see each other", () -> here.any() && there.any());
    }

    @AfterEach
    void stop() {
        workers.forEach(TestWorker::close);
        here.close();
        there.close();
    }

    private TestWorker node(Peers peers, String home, TaskHandler... handlers) {
        var worker = TestWorker.connected(postgres, peers, home, rarely(), handlers);
        workers.add(worker);
        return worker;
    }

    private static TasksConfig rarely() {
        TasksConfig quick = TestWorker.quick();
        return new TasksConfig(
                quick.workers(),
                quick.queueMax(),
                quick.lease(),
                RARELY,
                quick.ageing(),
                quick.drain(),
                quick.crashRecoveriesMax(),
                quick.keepFinished(),
                quick.drills(),
                quick.retry(),
                quick.deadLetters());
    }

    private TestHandler tell() {
        return new TestHandler("effect", 10, Duration.ofMinutes(1), _ -> {
            started.put(System.nanoTime());
            return "null";
        });
    }

    @Test
    void aTaskStartsOnAnotherNodeWithoutWaitingForItsPoll() throws InterruptedException {
        TestWorker accepts = node(here, "one");
        node(there, "two", tell());
        meet();

        List<Long> micros = new ArrayList<>();
        for (int i = 0; i < Integer.getInteger("nodes.tasks", 20); i++) {
            long begun = System.nanoTime();
            accepts.accept("effect");
            Long at = started.poll(SOON.toSeconds(), TimeUnit.SECONDS);
            assertThat(at).as("start of task %d", i).isNotNull();
            micros.add((at - begun) / 1000);
        }
        micros.sort(null);
        System.out.printf(
                Locale.ROOT,
                "figure: accepted on one node, begun on another: p50 %d us, p95 %d us%n",
                micros.get(micros.size() / 2),
                micros.get(micros.size() * 95 / 100));
    }

    @Test
    void whatAStoppingNodeGivesBackStartsOnAnotherNode() throws InterruptedException {
        var begun = new CountDownLatch(1);
        TestWorker leaves = node(here, "one", new TestHandler("effect", 10, Duration.ofMinutes(1), _ -> {
            begun.countDown();
            new CountDownLatch(1).await();
            return "null";
        }));
        meet();
        TaskId task = leaves.accept("effect");
        assertThat(begun.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        TestWorker stays = node(there, "two", tell());

        Thread stopping = Thread.ofVirtual().start(leaves::stop);

        assertThat(started.poll(SOON.toSeconds(), TimeUnit.SECONDS)).isNotNull();
        Eventually.until("it is done", () -> stays.statusOf(task) == TaskStatus.COMPLETED);
        stopping.join();
    }

    @Test
    void aTaskThatIsCancelledElsewhereStopsWithoutWaitingForItsHeartbeat() throws InterruptedException {
        TestWorker asks = node(here, "one");
        var begun = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        node(there, "two", new TestHandler("effect", 10, Duration.ofMinutes(1), _ -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return "null";
        }));
        meet();
        TaskId task = asks.accept("effect");
        assertThat(begun.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();

        assertThat(asks.queue.cancel(TestWorker.OWNER, task)).isTrue();

        // The next heartbeat is twelve seconds away.
        assertThat(interrupted.await(8, TimeUnit.SECONDS)).isTrue();
        Eventually.until("it is over", () -> asks.statusOf(task) == TaskStatus.CANCELLED);
    }
}
