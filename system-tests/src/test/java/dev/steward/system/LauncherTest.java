package dev.steward.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The script `steward`, in a repository, with a JDK and a Maven that are small scripts.
class LauncherTest {

    private static final String JAVA = """
            #!/bin/sh
            echo "java: $*"
            exit ${FAKE_EXIT:-0}
            """;

    private static final String MAVEN = """
            #!/bin/sh
            if [ "$1" = -v ]; then echo "Apache Maven ${FAKE_MAVEN:-3.9.1} (fake)"; exit 0; fi
            echo run >>../maven-runs
            case "$FAKE_BUILD" in
                broken) echo "[ERROR] a line that explains"; exit 1 ;;
                hiccup) if [ "$(wc -l <../maven-runs)" -lt 2 ]; then echo "Could not transfer artifact"; exit 1; fi ;;
            esac
            case "$*" in
                *verify*) cp -R ../reports/. . ;;
                *) mkdir -p server/target/dist; : >server/target/dist/steward.jar ;;
            esac
            """;

    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    Path directory;

    private Path repository;

    /// What a run said.
    private record Run(int exit, String out, String err) {}

    @BeforeEach
    void lay() throws IOException {
        repository = Files.createDirectories(directory.resolve("repository"));
        Files.createDirectories(repository.resolve("server/src/main"));
        Files.writeString(repository.resolve("pom.xml"), "");
        Files.writeString(repository.resolve("server/pom.xml"), "");
        Files.writeString(repository.resolve("server/src/main/A.java"), "");
        Files.copy(Path.of("..", "steward"), repository.resolve("steward"));
        Files.createDirectories(repository.resolve(".ci"));
        Files.copy(Path.of("..", ".ci", "run"), repository.resolve(".ci/run"));
        program(directory.resolve("jdk/bin/java"), JAVA);
        program(directory.resolve("jdk/bin/javac"), JAVA);
        Files.writeString(
                directory.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\nJAVA_RUNTIME_VERSION=\"25.0.1+7\"\n");
        program(directory.resolve("maven/bin/mvn"), MAVEN);
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("HOME", directory.toString());
        environment.put("JAVA_HOME", directory.resolve("jdk").toString());
        environment.put("MAVEN_HOME", directory.resolve("maven").toString());
        environment.put("CI", "true");
    }

    @Test
    void aJdkThatIsTooOldIsSaidInOneLineWithWhatToDo() throws Exception {
        change("JAVA_MIN=25", "JAVA_MIN=99");

        Run run = steward("version");

        assertThat(run.exit()).isEqualTo(69);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains("JDK 99 or newer", "the newest here is", "adoptium.net");
    }

    @Test
    void aMavenThatIsTooOldIsSaidInOneLineWithWhatToDo() throws Exception {
        change("MAVEN_MIN=3.8.7", "MAVEN_MIN=99.0.0");

        Run run = steward("version");

        assertThat(run.exit()).isEqualTo(69);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains("Maven 99.0.0 or newer", "found: ");
    }

    @Test
    void itBuildsOnlyWhatIsOutOfDate() throws Exception {
        steward("version");
        steward("version");
        assertThat(builds()).isEqualTo(1);

        Path source = repository.resolve("server/src/main/A.java");
        Files.setLastModifiedTime(source, FileTime.from(inAnHour()));
        steward("version");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void aSourceThatIsGoneIsAReasonToBuild() throws Exception {
        steward("version");
        Path sources = repository.resolve("server/src/main");
        Files.delete(sources.resolve("A.java"));
        Files.setLastModifiedTime(sources, FileTime.from(inAnHour()));

        steward("version");

        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void whatTheBuildOfThePagesMakesIsNotAmongTheirSources() throws Exception {
        Path web = Path.of("..", "web");

        assertThat(Files.readString(web.resolve("package.json"))).contains("-o generated/schema.d.ts");
        assertThat(Files.readString(web.resolve(".gitignore")).lines()).noneMatch(line -> line.contains("src/api"));
    }

    @Test
    void aBuildThatFailsSaysWhyAndWhereAllOfItIs() throws Exception {
        environment.put("FAKE_BUILD", "broken");

        Run run = steward("run");

        assertThat(run.exit()).isEqualTo(70);
        assertThat(run.err()).contains("a line that explains", "steward-build.log");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aHiccupOfTheNetworkIsTriedOnceMore() throws Exception {
        environment.put("FAKE_BUILD", "hiccup");

        assertThat(steward("version").exit()).isZero();
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void argumentsAndExitCodeGoThrough() throws Exception {
        environment.put("FAKE_EXIT", "78");

        Run run = steward("chat", "two words", "--json");

        assertThat(run.exit()).isEqualTo(78);
        assertThat(run.out()).contains("steward.jar chat two words --json");
    }

    @Test
    void aStartUpCacheOfAnotherJdkOrAnotherBuildIsNotUsed() throws Exception {
        steward("version");
        Path dist = repository.resolve("server/target/dist");
        Files.writeString(dist.resolve("steward-25.0.0+1.aot"), "");
        assertThat(steward("run").out()).doesNotContain("AOTCache");

        Files.writeString(dist.resolve("steward-25.0.1+7.aot"), "");
        assertThat(steward("run").out())
                .contains("-XX:AOTCache=" + dist.toRealPath().resolve("steward-25.0.1+7.aot"));

        Path jar = dist.resolve("steward.jar");
        Files.setLastModifiedTime(jar, FileTime.from(inAnHour()));
        assertThat(steward("run").out()).doesNotContain("AOTCache");
        Files.setLastModifiedTime(dist.resolve("steward-25.0.1+7.aot"), FileTime.from(inAnHour()));
        assertThat(steward("run").out()).contains("AOTCache");

        environment.put("STEWARD_AOT", "off");
        assertThat(steward("run").out()).doesNotContain("AOTCache");
    }

    @Test
    void theFirstStartPreparesTheCacheAndAFailureOfThatDelaysOnlyThisOne() throws Exception {
        environment.remove("CI");
        Run first = steward("run");
        assertThat(first.exit()).isZero();
        assertThat(first.err()).contains("Preparing fast starts (once): failed");

        assertThat(steward("run").err()).doesNotContain("Preparing");
    }

    @Test
    void whoDoesNotStartTheServerDoesNotWaitForItsCache() throws Exception {
        environment.remove("CI");
        assertThat(steward("version").err()).doesNotContain("Preparing");
    }

    @Test
    void itWorksThroughALinkFromElsewhere() throws Exception {
        Path link = directory.resolve("bin");
        Files.createDirectories(link);
        Files.createSymbolicLink(link.resolve("steward"), Path.of("../repository/steward"));

        assertThat(run(link.resolve("steward"), "version").exit()).isZero();
    }

    @Test
    void testsAreCountedFromTheirReports() throws Exception {
        report("server", "A", 5, 0, 0, 1);
        report("system-tests", "B", 3, 0, 0, 0);

        Run run = steward("test");

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out().lines().toList().getLast()).startsWith("7 passed, 0 failed, 1 skipped in ");
    }

    @Test
    void aFailedTestIsNamedAndFailsTheWhole() throws Exception {
        report("server", "A", 5, 1, 1, 0);

        Run run = steward("test");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out().lines().toList().getLast()).startsWith("3 passed, 2 failed in ");
        assertThat(run.err()).contains("  A.breaks");
    }

    @Test
    void noTestsAtAllIsAFailure() throws Exception {
        Files.createDirectories(directory.resolve("reports"));

        Run run = steward("test");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out().lines().toList().getLast()).startsWith("0 passed, 1 failed in ");
    }

    private void report(String module, String name, int tests, int failures, int errors, int skipped)
            throws IOException {
        Path reports = Files.createDirectories(
                directory.resolve("reports").resolve(module).resolve("target/surefire-reports"));
        String broken = failures + errors == 0 ? "" : "<failure message=\"x\"/>";
        Files.writeString(reports.resolve("TEST-" + name + ".xml"), """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuite name="%s" time="1.5" tests="%d" errors="%d" skipped="%d" failures="%d">
                  <testcase name="works" classname="%s" time="0.1"/>
                  <testcase name="breaks" classname="%s" time="0.1">
                    %s
                  </testcase>
                </testsuite>
                """.formatted(
                        name, tests, errors, skipped, failures, name, name, broken));
    }

    private int builds() throws IOException {
        return Files.readAllLines(directory.resolve("maven-runs")).size();
    }

    private void change(String from, String to) throws IOException {
        Path script = repository.resolve("steward");
        Files.writeString(script, Files.readString(script).replace(from, to));
    }

    private Run steward(String... arguments) throws Exception {
        return run(repository.resolve("steward"), arguments);
    }

    private Run run(Path script, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(Arrays.asList(arguments));
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        int exit = builder.start().waitFor();
        return new Run(exit, Files.readString(out), Files.readString(err, StandardCharsets.UTF_8));
    }

    private static void program(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// Later than any build of this test.
    private Instant inAnHour() throws IOException {
        return Files.getLastModifiedTime(repository.resolve("steward"))
                .toInstant()
                .plusSeconds(3600);
    }
}
