package dev.steward.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.Eventually;
import dev.steward.testing.PostgresFixture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Thousands of tasks while workers and connections are killed at random. Seeds are printed; a failure repeats with
/// `-Dstorm.seed=…`, a longer storm with `-Dstorm.tasks=…`.
class TaskStormIT {

    private static final int TASKS = Integer.getInteger("storm.tasks", 10_000);
    private static final int CALLERS = 50;
    private static final int KILLS_MIN = 30;

    @AutoClose
    static final PostgresFixture postgres = PostgresFixture.create();

    private static final TasksConfig CONFIG = new TasksConfig(
            300,
            1_000_000,
            Duration.ofSeconds(2),
            Duration.ofMillis(50),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            1000, // Not the tasks are to blame for these kills.
            Duration.ofDays(30),
            false,
            new TasksConfig.Retry(Duration.ofMillis(1), Duration.ofMillis(20)),
            new TasksConfig.DeadLetters(100, Duration.ofDays(1), 10, Duration.ZERO));

    @Test
    void noAcknowledgedTaskIsLostAndNoEffectHappensTwice() throws InterruptedException {
        long seed = Long.getLong("storm.seed", ThreadLocalRandom.current().nextLong());
        System.out.println("storm seed " + seed);
        var random = new Random(seed);
        postgres.jdbc()
                .sql("create table effect (key uuid not null, fence bigint not null)")
                .update();
        List<TestWorker> workers = new ArrayList<>(List.of(worker("one"), worker("two")));
        List<TaskId> acknowledged = Collections.synchronizedList(new ArrayList<>());
        var left = new AtomicInteger(TASKS);
        List<Thread> callers = new ArrayList<>();
        var acceptor = worker("acceptor");
        for (int i = 0; i < CALLERS; i++) {
            callers.add(Thread.ofVirtual().start(() -> produce(acceptor, left, acknowledged)));
        }

        int kills = 0;
        while (kills < KILLS_MIN || callers.stream().anyMatch(Thread::isAlive)) {
            int before = completed();
            Eventually.until("work goes on", () -> completed() > before || unfinished() == 0);
            if (random.nextInt(4) == 0) {
                killConnections();
            } else {
                int victim = random.nextInt(2);
                workers.get(victim).kill();
                workers.set(victim, worker(victim == 0 ? "one" : "two"));
            }
            kills++;
        }
        Eventually.until("all is done", Duration.ofSeconds(60), () -> unfinished() == 0);
        workers.forEach(TestWorker::close);
        acceptor.close();

        int attempts = count("select coalesce(sum(attempts), 0) from task");
        System.out.println("storm: " + acknowledged.size() + " tasks, " + kills + " kills, " + attempts + " attempts");
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(TASKS);
        assertThat(postgres.jdbc()
                        .sql("select to_jsonb(t)::text from task t where status <> 2 limit 3")
                        .query(String.class)
                        .list())
                .isEmpty();
        assertThat(completed()).isGreaterThanOrEqualTo(acknowledged.size());
        assertThat(count("select count(*) from task t where not exists (select 1 from effect e where e.key = t.id)"))
                .isZero();
        assertThat(count("select count(*) from (select key from effect group by key having count(*) > 1) as doubled"))
                .isZero();
    }

    private static void produce(TestWorker acceptor, AtomicInteger left, List<TaskId> acknowledged) {
        while (left.decrementAndGet() >= 0) {
            NewTask task = TestWorker.newTask("effect");
            boolean accepted = false;
            while (!accepted) {
                try {
                    acceptor.accept(task);
                    accepted = true;
                } catch (RuntimeException e) {
                    // Not acknowledged: the caller comes again with the same id, as a client does with the same
                    // key.
                    Thread.onSpinWait();
                }
            }
            acknowledged.add(task.id());
        }
    }

    /// Its effect is a row that carries the task's id as idempotency key. The row is written only while the attempt
    /// is the newest, and only if there is none: what every handler with an outside effect has to do.
    private static TestWorker worker(String home) {
        return TestWorker.started(postgres, home, CONFIG, new TestHandler("effect", 300, Duration.ofMinutes(1), a -> {
            postgres.transactions()
                    .executeWithoutResult(_ -> postgres.jdbc()
                            .sql("""
                            insert into effect (key, fence)
                            select t.id, :fence
                            from (select id, attempts from task where owner = :owner and id = :id for update) as t
                            where t.attempts = :fence and not exists (select 1 from effect where key = :id)
                            """)
                            .param("owner", a.owner().value())
                            .param("id", a.task().value())
                            .param("fence", a.fence())
                            .update());
            return "null";
        }));
    }

    private static void killConnections() {
        outside().sql("""
                        select count(pg_terminate_backend(pid)) from pg_stat_activity
                        where datname = current_database() and pid <> pg_backend_pid() and random() < 0.7
                        and backend_type = 'client backend'
                        """).query(Long.class).single();
    }

    private static int completed() {
        return count("select count(*) from task where status = 2");
    }

    private static int unfinished() {
        return count("select count(*) from task where status in (0, 1)");
    }

    private static int count(String sql) {
        return outside().sql(sql).query(Integer.class).single();
    }

    private static JdbcClient outside() {
        return JdbcClient.create(postgres.singles());
    }
}
