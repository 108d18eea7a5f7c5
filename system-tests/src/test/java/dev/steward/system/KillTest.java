package dev.steward.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.FaultyModelServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Promise 2: an answer in progress survives its server, and its database.
class KillTest {

    private static final int KILLS = Integer.getInteger("steward.kills", 20);

    @TempDir
    Path directory;

    @Test
    void everyAnswerGoesOnWithoutGapOrRepeatWhenTheServerIsKilled() throws Exception {
        long seed = Long.getLong("steward.seed", System.nanoTime());
        System.out.println("seed " + seed);
        var random = new Random(seed);
        try (var model = FaultyModelServer.start();
                StewardProcess steward = StewardProcess.start(directory, configuration(model))) {
            model.chunks(150).chunkInterval(Duration.ofMillis(10));
            Person person = Person.register(steward, "ada");
            List<String> acknowledged = new ArrayList<>();
            for (int kill = 0; kill < KILLS; kill++) {
                String conversation = person.newConversation();
                String turn = person.ask(conversation, "Tell me a long story, number " + kill + ".");
                acknowledged.add(turn);
                CompletableFuture<Reader.Read> reading = Reader.follow(person, turn);
                Thread.sleep(random.nextLong(1_800));

                steward.kill();
                steward.launch();
                steward.awaitReady();

                assertWhole(person, turn, reading.get());
            }
            for (String turn : acknowledged) {
                assertThat(person.get("/api/v1/turns/" + turn).json().path("status").asString())
                        .isEqualTo("completed");
            }
        }
    }

    @Test
    void everyAnswerGoesOnWithoutGapOrRepeatWhenTheDatabaseIsKilled() throws Exception {
        long seed = Long.getLong("steward.seed", System.nanoTime());
        System.out.println("seed " + seed);
        var random = new Random(seed);
        try (var model = FaultyModelServer.start();
                StewardProcess steward = StewardProcess.start(directory, configuration(model))) {
            model.chunks(150).chunkInterval(Duration.ofMillis(10));
            Person person = Person.register(steward, "ada");
            for (int kill = 0; kill < KILLS / 2; kill++) {
                String turn = person.ask(person.newConversation(), "Tell me a long story, number " + kill + ".");
                CompletableFuture<Reader.Read> reading = Reader.follow(person, turn);
                Thread.sleep(random.nextLong(1_800));

                steward.postmaster().orElseThrow().destroyForcibly();

                assertWhole(person, turn, reading.get());
                assertThat(steward.alive()).isTrue();
                Eventually.within(Duration.ofSeconds(20), () -> steward.status("/health/ready") == 200);
            }
        }
    }

    private static void assertWhole(Person person, String turn, Reader.Read read) throws Exception {
        assertThat(read.last().kind()).as("%s", read.last()).isEqualTo("completed");
        assertThat(read.events().stream().map(Person.Event::id))
                .as("every id once, in order")
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, read.events().size()).boxed().toList());
        var stored = person.get("/api/v1/turns/" + turn).json();
        assertThat(stored.path("status").asString()).isEqualTo("completed");
        assertThat(read.text()).isEqualTo(stored.path("answer").asString()).isNotBlank();
    }

    static String configuration(FaultyModelServer model) {
        return """
                backends:
                  - {name: mock, kind: openai, url: "%s", privacy: local, cost: free}
                models:
                  chain: [mock/mock-model]
                  embedded: {install: never}
                """
                .formatted(model.openAiUrl());
    }
}
