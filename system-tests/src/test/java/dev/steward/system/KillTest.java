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
    private static final int KILLS_LONG = 100;

    /// Every so many deaths of the server its database dies with it.
    private static final int BOTH_EVERY = 4;

    /// Conversations in which answers are being written, beside the long one.
    private static final int CONVERSATIONS = 5;

    private static final int CHUNKS = 120;
    private static final int CHUNKS_OF_THE_LONG_ONE = 20_000;

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
    void answersSurviveTwentyDeathsOfTheServerSomeWithItsDatabase() throws Exception {
        survive("server killed", KILLS, kill -> {
            if (kill % BOTH_EVERY == 0) {
                killBoth();
            } else {
                killServerPerhapsTwice();
            }
        });
    }

    @Test
    void answersSurviveTwentyDeathsOfTheDatabaseWithoutARestart() throws Exception {
        long pid = steward.pid();
        var success = new Figures("PostgreSQL takes connections again → first request answered");
        survive("PostgreSQL killed", KILLS, kill -> {
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
    @Tag("long")
    void answersSurviveAHundredDeathsOfAnyKind() throws Exception {
        survive("one of them or both killed, long", KILLS_LONG, kill -> {
            switch (random.nextInt(3)) {
                case 0 -> killDatabase();
                case 1 -> killServerPerhapsTwice();
                default -> killBoth();
            }
        });
    }

    /// What breaks, and works again by the time this returns.
    private interface Disaster {
        void strike(int number) throws Exception;
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

    /// One answer that is being written all the time, and some conversations in each of which one question follows
    /// the other. Between two disasters every answer that is being written grows: one that never did would rightly
    /// be taken for the reason of the deaths.
    private void survive(String what, int kills, Disaster disaster) throws Exception {
        model.chunksOf("very long", CHUNKS_OF_THE_LONG_ONE).chunks(CHUNKS).chunkInterval(Duration.ofMillis(15));
        var back = new Figures(what + " → works again");
        var goesOn = new Figures(what + " → an answer goes on");
        List<String> conversations = new ArrayList<>();
        List<Future<Reader>> current = new ArrayList<>();
        List<Future<Reader>> all = new ArrayList<>();
        List<Reader> readers = new ArrayList<>();
        try (ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CONVERSATIONS; i++) {
                conversations.add(person.newConversation());
                current.add(CompletableFuture.completedFuture(null));
            }
            String conversation = person.newConversation();
            Reader longOne = Reader.follow(person, person.ask(conversation, "Tell me a very long story."));
            for (int kill = 1; kill <= kills; kill++) {
                for (int i = 0; i < CONVERSATIONS; i++) {
                    Reader before = current.get(i).get();
                    if (before != null && !before.done()) {
                        before.awaitMore();
                        continue;
                    }
                    String where = conversations.get(i);
                    String message = "Tell me story number " + all.size() + ".";
                    current.set(i, askers.submit(() -> Reader.follow(person, person.askUntilAccepted(where, message))));
                    all.add(current.get(i));
                }
                longOne.awaitTextAfter(longOne.lastId());
                pause(random.nextInt(1_000));
                long begin = System.nanoTime();
                disaster.strike(kill);
                back.addSince(begin);
                goesOn.add(Duration.ofNanos(longOne.awaitTextSince(begin).nanos() - begin));
            }
            for (Future<Reader> one : all) {
                Reader reader = one.get();
                reader.assertWhole();
                assertThat(reader.text()).isEqualTo(model.answerText());
                readers.add(reader);
            }
            // The call that is under way keeps its pace; the next one has none.
            model.chunkInterval(Duration.ZERO);
            disaster.strike(kills + 1);
            longOne.assertWhole();
            assertThat(longOne.text()).isEqualTo(model.longAnswerText());
            conversations.add(conversation);
            readers.add(longOne);
        }
        assertNothingMissing(conversations, readers);
        assertOneAnswerEach(readers);
        back.print();
        goesOn.print();
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
