import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Measures db-scheduler with lock-and-fetch, as its README advises for throughput, and immediate execution. */
final class DbScheduler {

    private DbScheduler() {}

    public static void main(String[] arguments) throws Exception {
        var database = Protocol.database(24);
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("""
                    create table scheduled_tasks (
                      task_name text not null, task_instance text not null, task_data bytea,
                      execution_time timestamp with time zone not null, picked boolean not null, picked_by text,
                      last_success timestamp with time zone, last_failure timestamp with time zone,
                      consecutive_failures int, last_heartbeat timestamp with time zone, version bigint not null,
                      priority smallint, primary key (task_name, task_instance))""");
            statement.execute("create index execution_time_idx on scheduled_tasks (execution_time)");
            statement.execute("create index last_heartbeat_idx on scheduled_tasks (last_heartbeat)");
        }
        var task = Tasks.oneTime("noop").execute((_, _) -> Protocol.noop());
        Scheduler scheduler = Scheduler.create(database, task)
                .threads(50)
                .pollUsingLockAndFetch(0.5, 4.0)
                .pollingInterval(java.time.Duration.ofMillis(100))
                .enableImmediateExecution()
                .build();
        scheduler.start();
        var ids = new AtomicLong();
        Protocol.measure(
                () -> {
                    List<TaskInstance<?>> many = new ArrayList<>();
                    for (int i = 0; i < Protocol.BATCH; i++) {
                        many.add(task.instance(Long.toString(ids.incrementAndGet())));
                    }
                    scheduler.scheduleBatch(many, Instant.now());
                },
                () -> scheduler.schedule(task.instance(Long.toString(ids.incrementAndGet())), Instant.now()),
                () -> Protocol.none(database, "select 1 from scheduled_tasks limit 1"));
    }
}
