package dev.steward.tasks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What a measurement used since it began: processor time of this JVM, by kind of thread, and of PostgreSQL, and what
/// was written ahead. Processor time carries over between machines that are busy and quiet ones; the clock does not.
final class Usage {

    /// Linux counts processor time in hundredths of a second for programs.
    private static final double MICROS_PER_TICK = 10_000;

    private static final Path PROC = Path.of("/proc");

    private final JdbcClient jdbc;
    private final int postmaster;
    private final Map<String, Long> threads;
    private final long server;
    private final long written;

    /// @param jdbc of a PostgreSQL on this machine
    Usage(JdbcClient jdbc) {
        this.jdbc = jdbc;
        this.postmaster = postmaster();
        this.threads = threads();
        this.server = server();
        this.written = written();
    }

    /// What each of so many tasks cost.
    String each(int tasks) {
        Map<String, Long> used = new TreeMap<>();
        threads().forEach((name, ticks) -> used.merge(name, ticks - threads.getOrDefault(name, 0L), Long::sum));
        long all = used.values().stream().mapToLong(Long::longValue).sum();
        var text = new StringBuilder(String.format(
                Locale.ROOT,
                "CPU %.1f µs each: PostgreSQL %.1f, JVM %.1f (",
                micros(server() - server + all, tasks),
                micros(server() - server, tasks),
                micros(all, tasks)));
        used.entrySet().stream()
                .filter(t -> micros(t.getValue(), tasks) >= 0.2)
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .forEach(t ->
                        text.append(String.format(Locale.ROOT, "%s %.1f, ", t.getKey(), micros(t.getValue(), tasks))));
        return text.append(String.format(Locale.ROOT, "); WAL %d bytes", (written() - written) / tasks))
                .toString()
                .replace(", )", ")");
    }

    private static double micros(long ticks, int tasks) {
        return ticks * MICROS_PER_TICK / tasks;
    }

    private int postmaster() {
        int backend = jdbc.sql("select pg_backend_pid()").query(Integer.class).single();
        return (int)
                field(PROC.resolve(Integer.toString(backend)), 4).orElseThrow().longValue();
    }

    private long written() {
        return jdbc.sql("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint")
                .query(Long.class)
                .single();
    }

    /// Ticks of the postmaster, of its children, and of those that have ended.
    private long server() {
        long sum = ticks(PROC.resolve(Integer.toString(postmaster)), true);
        for (Path process : numbered(PROC)) {
            if (field(process, 4).filter(parent -> parent == postmaster).isPresent()) {
                sum += ticks(process, false);
            }
        }
        return sum;
    }

    /// Ticks of this process's threads by their names without numbers; what they had in common with those that have
    /// ended is in `ended`.
    private static Map<String, Long> threads() {
        Map<String, Long> byName = new HashMap<>();
        Path self = PROC.resolve("self");
        long sum = 0;
        for (Path thread : numbered(self.resolve("task"))) {
            long ticks = ticks(thread, false);
            sum += ticks;
            byName.merge(name(thread), ticks, Long::sum);
        }
        byName.put("ended", Math.max(0, ticks(self, false) - sum));
        return byName;
    }

    private static String name(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).strip().replaceAll("[#-]?\\d+$", "");
        } catch (IOException e) {
            return "ended"; // While it was looked at.
        }
    }

    private static Iterable<Path> numbered(Path directory) {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(p -> p.getFileName().toString().chars().allMatch(Character::isDigit))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long ticks(Path process, boolean withEnded) {
        long sum = 0;
        for (int number = 14; number <= (withEnded ? 17 : 15); number++) {
            sum += field(process, number).orElse(0L);
        }
        return sum;
    }

    /// A field of `stat`, numbered as in proc(5); empty when the process is gone.
    private static Optional<Long> field(Path process, int number) {
        try {
            String stat = Files.readString(process.resolve("stat"));
            String[] rest = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return Optional.of(Long.parseLong(rest[number - 3]));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
