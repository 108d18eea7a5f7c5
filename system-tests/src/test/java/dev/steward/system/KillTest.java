package dev.steward.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.Eventually;
import dev.steward.testing.FaultyModelServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Answers in progress survive the server, its database, and both.
class KillTest {

    private static final int KILLS = 20;
    private static final int KILLS_OF_BOTH = 5;

    /// Each costs a start; the long run has a hundred more.
    private static final int KILLS_WITH_MANY = 6;

    private static final int KILLS_UNDER_LOAD = 10;

    private static final int KILLS_LONG = 100;

    /// Answers that are being written at once.
    private static final int STREAMS = 5;

    @TempDir
    static Path directory;

    private static FaultyModelServer model;
    private static StewardProcess steward;

    private final Random random = new Random();
    private Person person;

    @BeforeAll
    static void start() throws Exception {
        model = FaultyModelServer.start();
        steward = StewardProcess.start(directory, Yaml.oneBackend(model));
    }

    @AfterAll
    static void stop() throws Exception {
        if (steward != null) {
            steward.close();
        }
        model.close();
    }

    @BeforeEach
    void register() throws Exception {
        long seed = Long.getLong("steward.seed", System.nanoTime());
        System.out.println("-Dsteward.seed=" + seed);
        random.setSeed(seed);
        if (!steward.alive()) {
            steward.launch();
            steward.awaitReady();
        }
        person = Person.register(steward);
    }

    @Test
    void oneAnswerSurvivesTwentyDeathsOfTheServer() throws Exception {
        oneAnswer("server killed", KILLS, this::killServerPerhapsTwice);
    }

    @Test
    void oneAnswerSurvivesTwentyDeathsOfTheDatabase() throws Exception {
        oneAnswer("PostgreSQL killed", KILLS, this::killDatabase);
    }

    @Test
    void manyAnswersSurviveSixDeathsOfTheServer() throws Exception {
        manyAnswers("server killed", KILLS_WITH_MANY, this::killServer);
    }

    @Test
    void manyAnswersSurviveTenDeathsOfTheDatabaseWithoutARestart() throws Exception {
        long pid = steward.pid();
        var success = new Figures("PostgreSQL takes connections again → first request answered");
        manyAnswers("PostgreSQL killed", KILLS_UNDER_LOAD, () -> {
            killDatabase();
            long back = System.nanoTime();
            awaitAnswer();
            success.addSince(back);
        });
        success.print();
        assertThat(steward.pid()).isEqualTo(pid);
        assertThat(steward.alive()).isTrue();
    }

    @Test
    void manyAnswersSurviveTheDeathOfServerAndDatabaseAtOnce() throws Exception {
        manyAnswers("both killed", KILLS_OF_BOTH, this::killBoth);
    }

    @Test
    @Tag("long")
    void oneAnswerSurvivesAHundredDeathsOfTheServer() throws Exception {
        oneAnswer("server killed, long", KILLS_LONG, this::killServerPerhapsTwice);
    }

    @Test
    @Tag("long")
    void manyAnswersSurviveAHundredDeathsOfServerAndDatabase() throws Exception {
        manyAnswers("one of them or both killed, long", KILLS_LONG, () -> {
            switch (random.nextInt(3)) {
                case 0 -> killDatabase();
                case 1 -> killServer();
                default -> killBoth();
            }
        });
    }

    /// What breaks, and works again by the time this returns.
    private interface Disaster {
        void strike() throws Exception;
    }

    private void killServer() throws Exception {
        steward.kill();
        steward.launch();
        steward.awaitReady();
    }

    /// Sometimes once more while it starts.
    private void killServerPerhapsTwice() throws Exception {
        if (random.nextInt(4) == 0) {
            steward.kill();
            steward.launch();
            pause(random.nextInt(3_000));
        }
        killServer();
    }

    private void killDatabase() {
        ProcessHandle before = steward.postmaster().orElseThrow();
        before.destroyForcibly();
        Eventually.until("the database is dead", () -> !before.isAlive());
        Eventually.until(
                "the database is back",
                Person.PATIENCE,
                () -> steward.postmaster().filter(p -> p.pid() != before.pid()).isPresent());
    }

    private void killBoth() throws Exception {
        steward.killDatabase();
        killServer();
    }

    private void oneAnswer(String what, int kills, Disaster disaster) throws Exception {
        model.chunks(20_000).chunkInterval(Duration.ofMillis(20));
        var ready = new Figures("one answer, " + what + " → works again");
        var goesOn = new Figures("one answer, " + what + " → answer goes on");
        Reader reader = Reader.follow(person, person.ask("Tell me a very long story."));
        for (int kill = 0; kill < kills; kill++) {
            reader.awaitTextAfter(reader.lastId());
            pause(random.nextInt(500));
            long begin = System.nanoTime();
            disaster.strike();
            ready.addSince(begin);
            goesOn.add(Duration.ofNanos(reader.awaitTextSince(begin).nanos() - begin));
        }
        // The call that is under way keeps its pace; the next one has none.
        model.chunkInterval(Duration.ZERO);
        disaster.strike();
        reader.assertWhole();
        assertThat(reader.text()).isEqualTo(model.answerText());
        assertOneAnswerEach(List.of(reader));
        ready.print();
        goesOn.print();
    }

    /// Some conversations, in each of which one question follows the other. Between two disasters every answer that is
    /// being written grows: one that never did would rightly be taken for the reason of the deaths.
    private void manyAnswers(String what, int kills, Disaster disaster) throws Exception {
        model.chunks(120).chunkInterval(Duration.ofMillis(15));
        var back = new Figures(what + " → works again");
        List<String> conversations = new ArrayList<>();
        List<Future<Reader>> current = new ArrayList<>();
        List<Future<Reader>> all = new ArrayList<>();
        try (ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int kill = 0; kill < kills; kill++) {
                for (int i = 0; i < STREAMS; i++) {
                    if (kill == 0) {
                        conversations.add(person.newConversation());
                        current.add(CompletableFuture.completedFuture(null));
                    }
                    Reader before = current.get(i).get();
                    if (before != null && !before.done()) {
                        before.awaitMore();
                        continue;
                    }
                    String conversation = conversations.get(i);
                    String message = "Tell me story number " + all.size() + ".";
                    current.set(
                            i,
                            askers.submit(() -> Reader.follow(person, person.askUntilAccepted(conversation, message))));
                    all.add(current.get(i));
                }
                pause(random.nextInt(1_500));
                long begin = System.nanoTime();
                disaster.strike();
                back.addSince(begin);
            }
            List<Reader> readers = new ArrayList<>();
            for (Future<Reader> one : all) {
                Reader reader = one.get();
                reader.assertWhole();
                assertThat(reader.text()).isEqualTo(model.answerText());
                readers.add(reader);
            }
            assertNothingMissing(conversations, readers);
            assertOneAnswerEach(readers);
        }
        back.print();
    }

    /// Each message that was acknowledged is there, once, and no other.
    private void assertNothingMissing(List<String> conversations, List<Reader> readers) throws Exception {
        List<String> kept = new ArrayList<>();
        for (String conversation : conversations) {
            person.get("/api/v1/conversations/" + conversation + "/turns?limit=200")
                    .json()
                    .path("items")
                    .forEach(turn -> kept.add(turn.path("id").asString()));
        }
        assertThat(kept)
                .containsExactlyInAnyOrderElementsOf(
                        readers.stream().map(r -> r.turn).toList());
    }

    /// The log has the question once and the answer once.
    private static void assertOneAnswerEach(List<Reader> readers) throws Exception {
        Map<String, String> kinds = new HashMap<>();
        try (Connection connection = steward.sql();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select turn_id, string_agg(kind, ',' order by id) as kinds
                        from conversation_log where kind in ('user', 'assistant') group by turn_id
                        """)) {
            while (row.next()) {
                kinds.put(row.getString("turn_id"), row.getString("kinds"));
            }
        }
        for (Reader reader : readers) {
            assertThat(kinds).containsEntry(reader.turn, "user,assistant");
        }
    }

    private void awaitAnswer() {
        Eventually.until("a request is answered", Person.PATIENCE, () -> {
            try {
                return person.get("/api/v1/conversations?limit=1").status() == 200;
            } catch (IOException _) {
                return false;
            }
        });
    }

    /// A point in time that nobody can know beforehand.
    private static void pause(int millis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(millis);
    }
}
