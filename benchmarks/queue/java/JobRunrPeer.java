import static org.jobrunr.server.BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration;

import java.time.Duration;
import java.util.stream.IntStream;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.scheduling.BackgroundJob;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;

/** Measures JobRunr's free edition with its shortest poll interval and 64 workers. */
public final class JobRunrPeer {

    private JobRunrPeer() {}

    public static void noop() {
        Protocol.noop();
    }

    public static void main(String[] arguments) throws Exception {
        var database = Protocol.database(24);
        JobRunr.configure()
                .useStorageProvider(new PostgresStorageProvider(database))
                .useBackgroundJobServer(usingStandardBackgroundJobServerConfiguration()
                        .andWorkerCount(64)
                        .andPollInterval(Duration.ofSeconds(5)))
                .initialize();
        Protocol.measure(
                () -> BackgroundJob.enqueue(
                        IntStream.range(0, Protocol.BATCH).boxed(), _ -> JobRunrPeer.noop()),
                () -> BackgroundJob.enqueue(() -> JobRunrPeer.noop()),
                () -> Protocol.none(
                        database, "select 1 from jobrunr_jobs where state in ('ENQUEUED', 'PROCESSING') limit 1"));
    }
}
