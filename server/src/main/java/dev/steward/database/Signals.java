package dev.steward.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends PostgreSQL's processes, kindly first. Source of the signals' meaning: PostgreSQL manual, "Shutting Down the
/// Server": INT is a fast shutdown with a checkpoint, QUIT an immediate one with recovery at the next start.
final class Signals {

    private static final Logger log = LoggerFactory.getLogger(Signals.class);

    /// A checkpoint of a busy server takes this long at most on a slow disk.
    static final Duration FAST_MAX = Duration.ofSeconds(20);

    static final Duration IMMEDIATE_MAX = Duration.ofSeconds(5);

    private static final Duration POLL = Duration.ofMillis(5);

    private Signals() {}

    /// Ends a postmaster and waits until it is gone.
    static void stop(ProcessHandle postmaster) throws InterruptedException {
        if (send("INT", postmaster) && gone(postmaster, FAST_MAX)) {
            return;
        }
        log.atWarn().addKeyValue("pid", postmaster.pid()).log("PostgreSQL did not stop in time, stopping it at once");
        if (send("QUIT", postmaster) && gone(postmaster, IMMEDIATE_MAX)) {
            return;
        }
        postmaster.destroyForcibly();
        gone(postmaster, IMMEDIATE_MAX);
    }

    /// Ends what a killed postmaster has left: its children would keep the data directory busy while they finish what
    /// nobody reads any more. Where /proc can't be read they notice by themselves, only later.
    static void killLeftovers(Path data) throws InterruptedException {
        List<ProcessHandle> leftovers = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (worksIn(process, data)) {
                    ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                            .ifPresent(leftovers::add);
                }
            }
        } catch (IOException _) {
            return;
        }
        leftovers.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle leftover : leftovers) {
            gone(leftover, IMMEDIATE_MAX);
        }
    }

    private static boolean worksIn(Path process, Path data) {
        try {
            return Files.readSymbolicLink(process.resolve("cwd")).equals(data)
                    && String.valueOf(Files.readSymbolicLink(process.resolve("exe"))
                                    .getFileName())
                            .startsWith("postgres");
        } catch (IOException _) {
            return false; // Ended meanwhile, or not ours to look at.
        }
    }

    private static boolean send(String signal, ProcessHandle process) throws InterruptedException {
        try {
            // The JDK sends TERM and KILL only.
            return new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            return false;
        }
    }

    private static boolean gone(ProcessHandle process, Duration max) throws InterruptedException {
        long deadline = System.nanoTime() + max.toNanos();
        while (process.isAlive() && !isZombie(process.pid())) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(POLL);
        }
        return true;
    }

    /// Whether a process has ended and only its entry is left: for ever where nobody collects orphans, as in a
    /// container whose first process is Steward.
    private static boolean isZombie(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            return stat.startsWith(" Z", stat.lastIndexOf(')') + 1);
        } catch (IOException _) {
            return false;
        }
    }
}
