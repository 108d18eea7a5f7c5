import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** What both peers do alike; speaks the protocol of ../run. */
final class Protocol {

    static final int BATCH = 1000;
    static final AtomicLong ran = new AtomicLong();
    static volatile long startedAt;

    private Protocol() {}

    interface Step {
        void run() throws Exception;
    }

    interface Check {
        boolean holds() throws Exception;
    }

    static void noop() {
        startedAt = System.nanoTime();
        ran.incrementAndGet();
    }

    static int number(String name) {
        return Integer.parseInt(System.getenv(name));
    }

    static void measure(Step addMany, Step addOne, Check over) throws Exception {
        int tasks = number("TASKS");
        for (int round = 0; round < number("ROUNDS"); round++) {
            say("begin end_to_end");
            long start = System.nanoTime();
            long before = ran.get();
            for (int sent = 0; sent < tasks; sent += BATCH) {
                addMany.run();
            }
            while (ran.get() - before < tasks || !over.holds()) {
                Thread.sleep(2);
            }
            say("end end_to_end {\"tasks\": %d, \"seconds\": %.4f}", tasks, (System.nanoTime() - start) / 1e9);
        }
        Thread.sleep(1000);
        double[] took = new double[number("PICK_UPS")];
        say("begin pick_up");
        for (int i = 0; i < took.length; i++) {
            long before = ran.get();
            long call = System.nanoTime();
            addOne.run();
            while (ran.get() == before) {
                Thread.sleep(0, 50_000);
            }
            took[i] = (startedAt - call) / 1e6;
            Thread.sleep(5);
        }
        Arrays.sort(took);
        say(
                "end pick_up {\"tasks\": %d, \"p50_ms\": %.3f, \"p99_ms\": %.3f}",
                took.length, took[took.length / 2], took[took.length * 99 / 100]);
        Runtime.getRuntime().halt(0);
    }

    private static void say(String line, Object... values) {
        System.out.println(String.format(Locale.ROOT, line, values));
        System.out.flush();
    }

    static com.zaxxer.hikari.HikariDataSource database(int connections) {
        var settings = new com.zaxxer.hikari.HikariConfig();
        settings.setJdbcUrl("jdbc:" + System.getenv("DATABASE_URL_PLAIN"));
        settings.setUsername(System.getenv("DATABASE_USER"));
        settings.setPassword(System.getenv("DATABASE_PASSWORD"));
        settings.setMaximumPoolSize(connections);
        return new com.zaxxer.hikari.HikariDataSource(settings);
    }

    static boolean none(javax.sql.DataSource database, String query) throws Exception {
        try (var connection = database.getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            return !row.next();
        }
    }
}
