package dev.steward.database;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// How PostgreSQL's programs are run: PostgreSQL refuses to run as root, should not die of the terminal's Ctrl-C before
/// Steward has stopped, and should not outlive Steward.
///
/// Ways are tried in this order until one works: `setpriv` (also ends the server with Steward), `chroot`,
/// `runuser`, and last a user namespace by `unshare`, which isolates less. Measured in
/// docs/decisions/0002-embedded-postgresql.md.
///
/// @param prefix what stands before the program on its command line
/// @param owner  whom the server's files must belong to; empty: whoever runs Steward
record RunAs(List<String> prefix, Optional<Owner> owner) {

    /// A user of this machine.
    record Owner(String name, int uid, int gid) {}

    /// Root gives the server to the first of these that exists.
    private static final List<String> UNPRIVILEGED = List.of("steward", "nobody");

    private static final int PROBE_SECONDS_MAX = 10;

    private static final List<String> DIE_WITH_US = List.of("--pdeathsig", "INT", "--");

    RunAs {
        prefix = List.copyOf(prefix);
        requireNonNull(owner, "owner");
    }

    /// Finds the way for this machine and user.
    ///
    /// @param program a program of PostgreSQL in the place where it will run from
    /// @throws DatabaseStartException none works
    static RunAs choose(Path program) {
        return choose(candidates(isRoot(), hasName(), passwd()), program);
    }

    static RunAs choose(List<RunAs> candidates, Path program) {
        List<RunAs> present = candidates.stream()
                .filter(c -> c.prefix.stream().filter(RunAs::isTool).allMatch(RunAs::onPath))
                .toList();
        for (boolean ownSession : onPath("setsid") ? new boolean[] {true, false} : new boolean[] {false}) {
            for (RunAs candidate : present) {
                RunAs way = ownSession ? candidate.inOwnSession() : candidate;
                if (way.works(program)) {
                    return way;
                }
            }
        }
        throw new DatabaseStartException("The embedded PostgreSQL can't be run by user "
                + System.getProperty("user.name", "?")
                + " here. Run Steward as a normal user with an entry in the user database (not root), or set"
                + " database.url to a PostgreSQL 15 or later. Embedded PostgreSQL needs glibc 2.27 or macOS 11.");
    }

    List<String> command(Path program, List<String> arguments) {
        var command = new ArrayList<>(prefix);
        command.add(program.toString());
        command.addAll(arguments);
        return command;
    }

    /// Every way that may work, best first.
    ///
    /// @param named whether the user has an entry in the user database
    /// @param users whom root can give the server to
    static List<RunAs> candidates(boolean root, boolean named, List<Owner> users) {
        RunAs namespaceThatDiesWithUs =
                new RunAs(concat(List.of("unshare", "-U", "--", "setpriv"), DIE_WITH_US), Optional.empty());
        RunAs namespace = new RunAs(List.of("unshare", "-U", "--"), Optional.empty());
        if (!root) {
            RunAs plain = new RunAs(List.of(), Optional.empty());
            RunAs diesWithUs = new RunAs(concat(List.of("setpriv"), DIE_WITH_US), Optional.empty());
            // initdb insists on a name for its user. A namespace lends one to a bare number, as containers have.
            return named ? List.of(diesWithUs, plain) : List.of(namespaceThatDiesWithUs, namespace, diesWithUs, plain);
        }
        var ways = new ArrayList<RunAs>();
        UNPRIVILEGED.stream()
                .flatMap(name -> users.stream().filter(o -> o.name.equals(name)))
                .findFirst()
                .ifPresent(owner -> ways.addAll(drops(owner)));
        // In a namespace of its own the server has no rights over others' files, but still owns root's.
        Optional<Owner> itself = Optional.of(new Owner("root", 0, 0));
        ways.add(new RunAs(namespaceThatDiesWithUs.prefix, itself));
        ways.add(new RunAs(namespace.prefix, itself));
        return ways;
    }

    private static List<RunAs> drops(Owner owner) {
        String uid = Integer.toString(owner.uid);
        String gid = Integer.toString(owner.gid);
        Optional<Owner> dropped = Optional.of(owner);
        return List.of(
                new RunAs(
                        concat(
                                List.of(
                                        "setpriv",
                                        "--reuid",
                                        uid,
                                        "--regid",
                                        gid,
                                        "--clear-groups",
                                        "--inh-caps=-all",
                                        "--no-new-privs"),
                                DIE_WITH_US),
                        dropped),
                new RunAs(List.of("chroot", "--userspec=" + uid + ":" + gid, "--groups=" + gid, "/"), dropped),
                new RunAs(List.of("chroot", "-u", uid, "-g", gid, "/"), dropped), // macOS
                new RunAs(List.of("runuser", "-u", owner.name, "--"), dropped));
    }

    private RunAs inOwnSession() {
        return new RunAs(concat(List.of("setsid"), prefix), owner);
    }

    private boolean works(Path program) {
        try {
            Process probe = new ProcessBuilder(command(program, List.of("--version")))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (probe.waitFor(PROBE_SECONDS_MAX, TimeUnit.SECONDS)) {
                return probe.exitValue() == 0;
            }
            probe.destroyForcibly();
            return false;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean isTool(String word) {
        return List.of("setpriv", "chroot", "runuser", "unshare").contains(word);
    }

    private static boolean onPath(String tool) {
        String path = System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        return Stream.of(path.split(":")).anyMatch(d -> Files.isExecutable(Path.of(d, tool)));
    }

    static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException _) {
            return "root".equals(System.getProperty("user.name"));
        }
    }

    /// Java writes a question mark for a user id that has no name.
    private static boolean hasName() {
        return !"?".equals(System.getProperty("user.name"));
    }

    /// The users that are listed locally; empty where there is no such list.
    private static List<Owner> passwd() {
        try {
            return Files.readAllLines(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(":", -1))
                    .filter(f -> f.length >= 4 && f[2].matches("\\d{1,9}") && f[3].matches("\\d{1,9}"))
                    .map(f -> new Owner(f[0], Integer.parseInt(f[2]), Integer.parseInt(f[3])))
                    .toList();
        } catch (IOException _) {
            return List.of();
        }
    }

    private static List<String> concat(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
