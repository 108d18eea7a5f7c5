package dev.steward.assistant.dialogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Wording;
import dev.steward.conversations.ConversationRooms;
import dev.steward.conversations.LogEntry;
import dev.steward.conversations.Turn;
import dev.steward.conversations.TurnEvent;
import dev.steward.conversations.TurnEventKind;
import dev.steward.conversations.TurnEvents;
import dev.steward.conversations.TurnStatus;
import dev.steward.models.AnswerEvent;
import dev.steward.models.ChatRequest;
import dev.steward.testing.Eventually;
import dev.steward.testing.PostgresFixture;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/// Crashes at every step of an answer, on a real database.
class TurnCrashIT {

    /// Long enough for several batches.
    private static final String WHOLE =
            "All happy families are alike 😀; each unhappy one is unhappy in its own way. ".repeat(120);

    private static final int PIECE_CHARS = 700;
    private static final int CALLS_MAX = 200;
    private static final JsonMapper JSON = JsonMapper.shared();

    @AutoClose
    private static final PostgresFixture postgres = PostgresFixture.create();

    private ConversationRooms rooms;

    @BeforeEach
    void build() {
        rooms = new ConversationRooms(postgres, InstantSource.system());
    }

    @AfterEach
    void close() {
        rooms.close();
    }

    @ParameterizedTest
    @CsvSource({"false, true", "true, true", "false, false", "true, false"})
    void noCrashAtAnyCallLosesOrRepeatsAnything(boolean afterEffect, boolean backendContinues) throws Exception {
        int crashes = 0;
        for (int call = 1; call < CALLS_MAX; call++) {
            var faults = new FaultyTurns(call, afterEffect);
            var gateway = new ScriptedGateway(request -> script(request, backendContinues));
            var dialogue = new DialogueRooms(
                    rooms, faults.over(rooms.turns), gateway, new RecordingQueue(), InstantSource.system());
            Turn turn = accept();
            TurnEvents reader = rooms.feed.subscribe(turn.id(), 0);

            answerWhateverHappens(dialogue, turn);

            assertWhole(turn, WHOLE);
            assertThat(textOf(readAll(reader)))
                    .as("what a reader saw, crash at call %d", call)
                    .isEqualTo(WHOLE);
            if (!faults.failed()) {
                assertThat(crashes).isGreaterThan(12);
                return;
            }
            crashes++;
        }
        throw new AssertionError("an answer takes more than " + CALLS_MAX + " calls");
    }

    @Test
    void anAttemptThatWasTakenOverChangesNothing() throws Exception {
        var half = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var gateway = new ScriptedGateway(_ -> List.of(
                ScriptedGateway.text(WHOLE.substring(0, 3_000)),
                new ScriptedGateway.Step.Wait(() -> {
                    half.countDown();
                    goOn.await();
                }),
                ScriptedGateway.text("zombie".repeat(1_000)),
                ScriptedGateway.done()));
        var dialogue = new DialogueRooms(rooms, rooms.turns, gateway, new RecordingQueue(), InstantSource.system());
        Turn turn = accept();
        Thread old = Thread.ofVirtual().start(() -> attempt(dialogue, turn, 1));
        half.await();
        Eventually.until(
                "the first half is written",
                () -> rooms.turns.said(turn.id()).text().length() == 3_000);
        gateway.script(request -> script(request, true));

        attempt(dialogue, turn, 2);
        List<TurnEvent> before = eventsOf(turn);
        goOn.countDown();
        old.join();

        assertThat(eventsOf(turn)).isEqualTo(before);
        assertWhole(turn, WHOLE);
    }

    @Test
    void aTurnThatIsCutOffSaysThatItGoesOn() throws Exception {
        var faults = new FaultyTurns("complete", 1, false);
        var gateway = new ScriptedGateway(request -> script(request, true));
        var dialogue = new DialogueRooms(
                rooms, faults.over(rooms.turns), gateway, new RecordingQueue(), InstantSource.system());
        Turn turn = accept();

        answerWhateverHappens(dialogue, turn);

        assertThat(faults.failed()).isTrue();
        assertThat(gateway.requests.getLast().continueFrom()).isNotEmpty();
        assertThat(eventsOf(turn).stream()
                        .filter(e -> e.kind() == TurnEventKind.RECOVERY)
                        .map(TurnEvent::data))
                .anyMatch(data -> data.contains("resume"));
    }

    private static void answerWhateverHappens(DialogueRooms dialogue, Turn turn) throws Exception {
        for (int number = 1; number <= 3; number++) {
            try {
                dialogue.handler.run(Attempt.of(turn.owner(), Jsons.turnInput(turn.id()), number));
                return;
            } catch (FaultyTurns.Crash _) {
                // The next attempt goes on, as the queue would have it.
            }
        }
        throw new AssertionError("one crash took more than one more attempt");
    }

    private static void attempt(DialogueRooms dialogue, Turn turn, int number) {
        try {
            dialogue.handler.run(Attempt.of(turn.owner(), Jsons.turnInput(turn.id()), number));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /// A model that says [#WHOLE], with a false start, a failover and what follows of them.
    private static List<ScriptedGateway.Step> script(ChatRequest request, boolean continues) {
        String said = request.continueFrom();
        List<ScriptedGateway.Step> steps = new ArrayList<>();
        int from = 0;
        if (said.isEmpty()) {
            steps.add(ScriptedGateway.text(WHOLE.substring(0, 2_500)));
            steps.add(ScriptedGateway.text("nonsense that will be taken back".repeat(40)));
            steps.add(new ScriptedGateway.Step.Say(new AnswerEvent.Failover(
                    3, "failover", "success", new Wording("Answered by B because A timed out.", List.of()))));
            steps.add(new ScriptedGateway.Step.Say(new AnswerEvent.Reset(2_500)));
            from = 2_500;
        } else if (continues && WHOLE.startsWith(said)) {
            from = said.length();
        } else {
            steps.add(new ScriptedGateway.Step.Say(new AnswerEvent.Reset(0)));
        }
        for (int at = from; at < WHOLE.length(); at += PIECE_CHARS) {
            steps.add(ScriptedGateway.text(WHOLE.substring(at, Math.min(WHOLE.length(), at + PIECE_CHARS))));
        }
        steps.add(ScriptedGateway.done());
        return steps;
    }

    private Turn accept() {
        return rooms.turns
                .accept(rooms.message(rooms.conversation(), "Tell me"))
                .turn();
    }

    private void assertWhole(Turn turn, String text) {
        Turn ended = rooms.turns.find(rooms.owner, turn.id());
        List<TurnEvent> events = eventsOf(turn);
        assertThat(ended.status()).isEqualTo(TurnStatus.COMPLETED);
        assertThat(ended.answer()).isEqualTo(text);
        assertThat(textOf(events)).isEqualTo(ended.answer());
        assertThat(events)
                .extracting(TurnEvent::seq)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, ended.lastSeq()).boxed().toList());
        assertThat(events.stream().filter(e -> e.kind().last())).hasSize(1);
        assertThat(events.stream().filter(e -> e.kind() == TurnEventKind.STARTED))
                .hasSize(1);
        assertThat(events.stream().filter(e -> e.kind() == TurnEventKind.AGENT)).hasSize(1);
        assertThat(rooms.turns.logged(turn))
                .extracting(LogEntry::kind)
                .containsExactly(LogEntry.Kind.USER, LogEntry.Kind.ASSISTANT);
        assertThat(rooms.turns.logged(turn).getLast().content()).isEqualTo(text);
    }

    private List<TurnEvent> eventsOf(Turn turn) {
        try (TurnEvents events = rooms.feed.subscribe(turn.id(), 0)) {
            return readAll(events);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<TurnEvent> readAll(TurnEvents reader) throws InterruptedException {
        List<TurnEvent> all = new ArrayList<>();
        Optional<TurnEvent> event = reader.next(Duration.ofSeconds(10));
        while (event.isPresent()) {
            assertThat(event.get().seq()).isEqualTo(all.size() + 1L);
            all.add(event.get());
            event = reader.over() ? Optional.empty() : reader.next(Duration.ofSeconds(10));
        }
        reader.close();
        return all;
    }

    private static String textOf(List<TurnEvent> events) {
        var text = new StringBuilder();
        for (TurnEvent event : events) {
            if (event.kind() == TurnEventKind.TOKEN) {
                text.append(JSON.readTree(event.data()).path("text").asString());
            } else if (event.kind() == TurnEventKind.RESET) {
                text.setLength(JSON.readTree(event.data()).path("offset").asInt());
            }
        }
        return text.toString();
    }
}
