package dev.steward.assistant.dialogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.steward.assistant.input.InputSettings;
import dev.steward.assistant.input.InputValidator;
import dev.steward.assistant.output.FailureWords;
import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;
import dev.steward.conversations.ConversationId;
import dev.steward.conversations.ConversationRooms;
import dev.steward.conversations.LogEntry;
import dev.steward.conversations.NewTurn;
import dev.steward.conversations.Turn;
import dev.steward.conversations.TurnEvent;
import dev.steward.conversations.TurnEventKind;
import dev.steward.conversations.TurnEvents;
import dev.steward.conversations.TurnId;
import dev.steward.conversations.TurnStatus;
import dev.steward.models.ChatMessage;
import dev.steward.models.ModelException;
import dev.steward.models.ServedModel;
import dev.steward.tasks.EndedTask;
import dev.steward.tasks.NewTask;
import dev.steward.tasks.Priority;
import dev.steward.tasks.TaskId;
import dev.steward.tasks.TaskPostponedException;
import dev.steward.tasks.TaskStatus;
import dev.steward.telemetry.Correlation;
import dev.steward.telemetry.Tracing;
import dev.steward.testing.Eventually;
import dev.steward.testing.PostgresFixture;
import dev.steward.testing.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What comes of a message, on a real database with scripted models.
class AnsweringIT {

    @AutoClose
    private static final PostgresFixture postgres = PostgresFixture.create();

    private final TestClock clock = new TestClock();
    private final RecordingQueue queue = new RecordingQueue();
    private final ScriptedGateway gateway = new ScriptedGateway(_ -> ScriptedGateway.says("Hello ", "there."));
    private ConversationRooms rooms;
    private DialogueRooms dialogue;
    private int attempts;

    @BeforeEach
    void build() {
        rooms = new ConversationRooms(postgres, clock);
        dialogue = new DialogueRooms(rooms, rooms.turns, gateway, queue, clock);
    }

    @AfterEach
    void close() {
        rooms.close();
    }

    @Test
    void aMessageIsAcceptedTogetherWithItsTaskAndAnswered() throws Exception {
        Turn turn = ask("Hi");

        assertThat(queue.accepted).hasSize(1);
        NewTask task = queue.accepted.getFirst();
        assertThat(task.priority()).isEqualTo(Priority.HIGH);
        assertThat(task.id().value()).isEqualTo(turn.task());
        run(turn);

        Turn ended = find(turn);
        assertThat(ended.status()).isEqualTo(TurnStatus.COMPLETED);
        assertThat(ended.answer()).isEqualTo("Hello there.");
        assertThat(ended.agent()).contains("alpha");
        assertThat(ended.model()).contains("first/model");
        assertThat(kinds(turn))
                .startsWith(TurnEventKind.STARTED, TurnEventKind.AGENT, TurnEventKind.TOKEN)
                .endsWith(TurnEventKind.COMPLETED);
        assertThat(gateway.callers).containsExactly("ollama_alpha");
    }

    @Test
    void aMessageSentTwiceIsOneTurnAndOneTask() {
        ConversationId conversation = rooms.conversation();
        var id = new TurnId(rooms.ids.next());
        Turn first = dialogue.service.ask(rooms.owner, conversation, id, question("Hi"));
        Turn again = dialogue.service.ask(rooms.owner, conversation, id, question("Hi"));

        assertThat(again).isEqualTo(first);
        assertThat(queue.accepted).hasSize(1);
    }

    @Test
    void whenTheQueueIsFullNothingIsWritten() {
        ConversationId conversation = rooms.conversation();
        var id = new TurnId(rooms.ids.next());
        var refusing = new TurnService(
                rooms.turns,
                new RefusingQueue(),
                new Line(rooms.turns, queue),
                new InputValidator(InputSettings.defaults()),
                rooms.transactions,
                rooms.ids);

        assertThatThrownBy(() -> refusing.ask(rooms.owner, conversation, id, question("Hi")))
                .hasMessageContaining("full");

        assertThatThrownBy(() -> rooms.turns.find(rooms.owner, id)).isInstanceOf(StewardException.class);
        assertThat(rooms.turns
                        .list(rooms.owner, conversation, false, Optional.empty(), 10)
                        .items())
                .isEmpty();
    }

    @Test
    void badMessagesAreRefusedWithTheirFieldAndNothingIsWritten() {
        ConversationId conversation = rooms.conversation();
        for (String message : List.of("", " \n\t ", "x".repeat(10_001), "a\u0000b", "\uD83D")) {
            assertThatThrownBy(() -> dialogue.service.ask(
                            rooms.owner, conversation, new TurnId(rooms.ids.next()), question(message)))
                    .isInstanceOfSatisfying(StewardException.class, e -> {
                        assertThat(e.status()).isEqualTo(422);
                        assertThat(e.faults()).allMatch(f -> f.field().equals("message"));
                    });
        }
        assertThat(queue.accepted).isEmpty();
    }

    @Test
    void earlierTurnsAreToldToTheModelAndTheDateComesLate() throws Exception {
        ConversationId conversation = rooms.conversation();
        run(ask(conversation, "My name is Ada."));
        run(ask(conversation, "What is my name?"));

        List<ChatMessage> told = gateway.requests.getLast().messages();
        assertThat(told)
                .extracting(ChatMessage::content)
                .containsSubsequence(
                        "My name is Ada.", "Hello there.", "Today is Thursday, 2026-01-01.", "What is my name?");
        assertThat(told.getFirst())
                .isEqualTo(gateway.requests.getFirst().messages().getFirst());
    }

    @Test
    void theModelIsToldTheChosenBranchAndNothingOfTheOthers() throws Exception {
        ConversationId conversation = rooms.conversation();
        Turn first = ask(conversation, "My name is Ada.");
        run(first);
        Turn second = ask(conversation, "I live in Rome.");
        run(second);
        Turn changed = ask(conversation, "I live in Oslo.", new NewTurn.Place.InsteadOf(second.id(), "edits"));
        run(changed);
        run(ask(conversation, "Where do I live?"));
        assertThat(gateway.requests.getLast().messages())
                .extracting(ChatMessage::content)
                .containsSubsequence("My name is Ada.", "I live in Oslo.", "Where do I live?")
                .doesNotContain("I live in Rome.");

        run(ask(conversation, "And now?", new NewTurn.Place.After(second.id(), "after")));
        assertThat(gateway.requests.getLast().messages())
                .extracting(ChatMessage::content)
                .containsSubsequence("My name is Ada.", "I live in Rome.", "And now?")
                .doesNotContain("I live in Oslo.", "Where do I live?");
    }

    @Test
    void aSecondMessageWaitsForTheFirstAndIsHurriedByItsEnd() throws Exception {
        ConversationId conversation = rooms.conversation();
        Turn first = ask(conversation, "One");
        Turn second = ask(conversation, "Two");

        assertThatThrownBy(() -> run(second)).isInstanceOf(TaskPostponedException.class);
        assertThat(find(second).lastSeq()).isZero();
        run(first);
        assertThat(queue.hurried).contains(new TaskId(second.task()));
        run(second);
        assertThat(find(second).status()).isEqualTo(TurnStatus.COMPLETED);
    }

    @Test
    void withoutAnyModelTheQuestionWaitsSaysSoOnceAndIsAnsweredWhenOneIsBack() throws Exception {
        gateway.served = List.of();
        gateway.script(_ -> List.of(failing(ModelException.Kind.NO_BACKEND)));
        Turn turn = ask("Hi");
        dialogue.watch.look();

        for (int i = 0; i < 30; i++) {
            assertThatThrownBy(() -> run(turn)).isInstanceOf(TaskPostponedException.class);
            clock.advance(Duration.ofMinutes(1));
        }
        assertThat(find(turn).status()).isEqualTo(TurnStatus.PENDING);
        assertThat(find(turn).failures()).isZero();
        List<TurnEvent> waiting = events(turn).stream()
                .filter(e -> e.kind() == TurnEventKind.RECOVERY)
                .toList();
        assertThat(waiting).hasSize(1);
        assertThat(waiting.getFirst().data()).contains(FailureWords.WAITING.english());

        gateway.served = List.of(new ServedModel(ScriptedGateway.MODEL, false, false, OptionalInt.empty()));
        gateway.script(_ -> ScriptedGateway.says("Back again."));
        dialogue.watch.look();
        assertThat(queue.hurried).contains(new TaskId(turn.task()));
        run(turn);
        assertThat(find(turn).answer()).isEqualTo("Back again.");
    }

    @Test
    void aQuestionThatWaitedTooLongFailsInPlainWords() throws Exception {
        gateway.script(_ -> List.of(failing(ModelException.Kind.CONNECTION)));
        Turn turn = ask("Hi");
        clock.advance(Duration.ofDays(2));

        assertThatThrownBy(() -> run(turn)).isInstanceOf(StewardException.class);

        assertThat(find(turn).status()).isEqualTo(TurnStatus.FAILED);
        assertThat(find(turn).problem().orElseThrow()).contains("48 hours");
    }

    @ParameterizedTest
    @EnumSource(
            value = ModelException.Kind.class,
            names = {"TIMEOUT", "OVERLOADED", "BACKEND_ERROR", "PROTOCOL"})
    void aModelThatKeepsFailingIsTriedSeveralTimesThenTheTurnFailsWithItsTextKept(ModelException.Kind kind)
            throws Exception {
        gateway.script(request -> request.continueFrom().isEmpty()
                ? List.of(ScriptedGateway.text("Half an ans"), failing(kind))
                : List.of(failing(kind)));
        Turn turn = ask("Hi");

        for (int i = 1; i < Answering.FAILURES_MAX; i++) {
            assertThatThrownBy(() -> run(turn)).isInstanceOf(TaskPostponedException.class);
            assertThat(find(turn).status()).isEqualTo(TurnStatus.PENDING);
        }
        var failure = catchThrowableOfType(StewardException.class, () -> run(turn));

        assertThat(failure.code().recovery().retryable()).isFalse();
        Turn ended = find(turn);
        assertThat(ended.status()).isEqualTo(TurnStatus.FAILED);
        assertThat(ended.answer()).isEqualTo("Half an ans");
        assertThat(ended.problem().orElseThrow()).contains("are kept").doesNotContain("Exception");
        assertThat(kinds(turn).getLast()).isEqualTo(TurnEventKind.FAILED);
        assertThat(rooms.turns.logged(turn).getLast().content()).isEqualTo("Half an ans");
    }

    @Test
    void aBackendThatFailsOnceHalfWayIsContinuedNotRepeated() throws Exception {
        gateway.script(request -> request.continueFrom().isEmpty()
                ? List.of(ScriptedGateway.text("Half "), failing(ModelException.Kind.TIMEOUT))
                : ScriptedGateway.says("and half."));
        Turn turn = ask("Hi");

        assertThatThrownBy(() -> run(turn)).isInstanceOf(TaskPostponedException.class);
        run(turn);

        assertThat(find(turn).answer()).isEqualTo("Half and half.");
        assertThat(gateway.requests.getLast().continueFrom()).isEqualTo("Half ");
    }

    @ParameterizedTest
    @EnumSource(
            value = ModelException.Kind.class,
            names = {"REFUSED", "TOO_LONG"})
    void whatWouldFailAgainFailsAtOnce(ModelException.Kind kind) throws Exception {
        gateway.script(_ -> List.of(failing(kind)));
        Turn turn = ask("Hi");

        assertThatThrownBy(() -> run(turn)).isInstanceOf(StewardException.class);

        assertThat(find(turn).status()).isEqualTo(TurnStatus.FAILED);
        assertThat(gateway.requests).hasSize(1);
        run(turn);
        assertThat(gateway.requests).hasSize(1);
    }

    @Test
    void aMessageThatNoModelCanReadWholeIsRefusedWithWhatWouldPassBeforeAnybodyIsAsked() throws Exception {
        gateway.served = List.of(new ServedModel(ScriptedGateway.MODEL, false, false, OptionalInt.of(2_048)));
        Turn turn = ask("中".repeat(4_000));

        run(turn);

        Turn ended = find(turn);
        assertThat(ended.status()).isEqualTo(TurnStatus.FAILED);
        assertThat(ended.problem().orElseThrow())
                .contains("Message too long for the model", "It has 4000 characters", "\"status\": 422")
                .containsPattern("Send about 1[0-9]00 characters");
        assertThat(gateway.requests).isEmpty();
    }

    @Test
    void whatTheLimitNamesPasses() throws Exception {
        gateway.served = List.of(new ServedModel(ScriptedGateway.MODEL, false, false, OptionalInt.of(2_048)));
        Turn refused = ask("中".repeat(4_000));
        run(refused);
        String told = Jsons.field(find(refused).problem().orElseThrow(), "help");
        int pass = Integer.parseInt(told.replaceAll("\\D+", ""));

        Turn turn = ask("中".repeat(pass));
        run(turn);

        assertThat(find(turn).status()).isEqualTo(TurnStatus.COMPLETED);
        assertThat(gateway.requests.getFirst().messages().getLast().content()).hasSize(pass);
    }

    @Test
    void aModelThatTakesLessThanItWasThoughtToIsToldLessOfTheDialogue() throws Exception {
        ConversationId conversation = rooms.conversation();
        for (int i = 0; i < 6; i++) {
            run(ask(conversation, "Message " + i + " " + "word ".repeat(200)));
        }
        gateway.requests.clear();
        gateway.script(request -> request.messages().size() > 6
                ? List.of(failing(ModelException.Kind.PROMPT_TOO_LONG))
                : ScriptedGateway.says("Hello."));
        Turn turn = ask(conversation, "And now?");

        run(turn);

        assertThat(find(turn).answer()).isEqualTo("Hello.");
        assertThat(gateway.requests).hasSizeBetween(2, 5);
        assertThat(gateway.requests.getLast().messages().getLast().content()).isEqualTo("And now?");
    }

    @Test
    void whatWasSaidBeforeASmallerModelTookOverIsNotSaidTwice() throws Exception {
        ConversationId conversation = rooms.conversation();
        run(ask(conversation, "Before"));
        gateway.script(request -> request.continueFrom().isEmpty()
                ? List.of(ScriptedGateway.text("Half "), failing(ModelException.Kind.PROMPT_TOO_LONG))
                : ScriptedGateway.says("and half."));
        Turn turn = ask(conversation, "And now?");

        run(turn);

        assertThat(find(turn).answer()).isEqualTo("Half and half.");
        assertThat(gateway.requests.getLast().continueFrom()).isEqualTo("Half ");
    }

    @Test
    void aModelThatHasNoRoomEvenForTheMessageAloneEndsTheTurnInThePersonsWordsAndWithoutADeadLetter() throws Exception {
        gateway.script(_ -> List.of(failing(ModelException.Kind.PROMPT_TOO_LONG)));
        Turn turn = ask("Hi");

        run(turn);

        assertThat(find(turn).status()).isEqualTo(TurnStatus.FAILED);
        assertThat(find(turn).problem().orElseThrow()).contains("Message too long for the model");
        assertThat(gateway.requests).hasSize(1);
    }

    @Test
    void theTracesIdOfATurnIsTheOneInTheLogsAndItsProblemNamesTheRequest() throws Exception {
        Tracing tracing = Tracing.quiet();
        Turn turn;
        String trace;
        try (var _ = Correlation.with(Correlation.Id.REQUEST, "request-1");
                var span = tracing.start("test", Tracing.Kind.SERVER)) {
            trace = span.context().traceId();
            turn = ask("Hi");
        }
        gateway.script(_ -> List.of(failing(ModelException.Kind.TOO_LONG)));

        assertThat(find(turn).traceId()).isEqualTo(trace);
        try (var _ = Correlation.with(Correlation.Id.REQUEST, "request-1")) {
            assertThatThrownBy(() -> run(turn)).isInstanceOf(StewardException.class);
        }
        assertThat(Jsons.field(find(turn).problem().orElseThrow(), "request_id"))
                .isEqualTo("request-1");
        assertThat(Jsons.field(find(turn).problem().orElseThrow(), "title")).isEqualTo("Answer too long");
    }

    @Test
    void aFailureThatAPersonMustLookAtTellsTheReaderAndTheOperatorEachInTheirWords() throws Exception {
        gateway.script(_ -> List.of(failing(ModelException.Kind.BACKEND_ERROR)));
        Turn turn = ask("Hi");
        for (int i = 1; i < Answering.FAILURES_MAX; i++) {
            assertThatThrownBy(() -> run(turn)).isInstanceOf(TaskPostponedException.class);
        }

        var failure = catchThrowableOfType(StewardException.class, () -> run(turn));

        assertThat(failure.getMessage()).contains("For the operator: Look at the model server's own log");
        assertThat(find(turn).problem().orElseThrow()).doesNotContain("For the operator");
        List<TurnEvent> events = events(turn);
        TurnEvent told = events.get(events.size() - 2);
        assertThat(told.kind()).isEqualTo(TurnEventKind.RECOVERY);
        assertThat(told.data()).contains("\"level\": 5", FailureWords.OPERATOR_TOLD.english());
    }

    @Test
    void eachTryOfATurnIsToldOnceWithItsLevelAndItsEnd() throws Exception {
        gateway.script(_ -> List.of(failing(ModelException.Kind.BACKEND_ERROR)));
        Turn turn = ask("Hi");
        for (int i = 1; i < Answering.FAILURES_MAX; i++) {
            assertThatThrownBy(() -> run(turn)).isInstanceOf(TaskPostponedException.class);
        }
        assertThatThrownBy(() -> run(turn)).isInstanceOf(StewardException.class);

        assertThat(dialogue.recoveries)
                .extracting(attempt -> attempt.strategy().level() + " " + attempt.outcome())
                .containsExactly("2 FAILED", "2 FAILED", "2 FAILED", "2 FAILED", "5 FAILED");
        assertThat(dialogue.recoveries.getLast().errorKind()).isEqualTo("backend_error");
        assertThat(dialogue.recoveries.getLast().component()).isEqualTo("ollama_alpha");
    }

    @Test
    void anAnswerAfterAWaitOrALaterTryIsToldAsRecovered() throws Exception {
        gateway.script(_ -> List.of(failing(ModelException.Kind.NO_BACKEND)));
        Turn waiting = ask("Hi");
        assertThatThrownBy(() -> run(waiting)).isInstanceOf(TaskPostponedException.class);
        gateway.script(_ -> List.of(failing(ModelException.Kind.TIMEOUT)));
        Turn late = ask("Hi");
        assertThatThrownBy(() -> run(late)).isInstanceOf(TaskPostponedException.class);
        gateway.script(_ -> ScriptedGateway.says("Here."));

        run(waiting);
        run(late);

        assertThat(dialogue.recoveries)
                .extracting(attempt -> attempt.strategy().level() + " " + attempt.outcome())
                .containsExactly("4 RECOVERED", "2 RECOVERED");
    }

    @Test
    void anEmptyAnswerIsNoAnswer() throws Exception {
        gateway.script(_ -> ScriptedGateway.says(" "));
        Turn turn = ask("Hi");

        assertThatThrownBy(() -> run(turn)).isInstanceOf(TaskPostponedException.class);
        assertThat(find(turn).status()).isEqualTo(TurnStatus.PENDING);
    }

    @Test
    void aNeverEndingAnswerIsStoppedAtItsLimit() throws Exception {
        gateway.script(_ -> {
            List<ScriptedGateway.Step> steps = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                steps.add(ScriptedGateway.text("x".repeat(10_000)));
            }
            return steps;
        });
        Turn turn = ask("Hi");

        assertThatThrownBy(() -> run(turn)).isInstanceOf(StewardException.class);

        Turn ended = find(turn);
        assertThat(ended.status()).isEqualTo(TurnStatus.FAILED);
        assertThat(ended.answer()).hasSizeBetween(Answering.ANSWER_CHARS_MAX, Answering.ANSWER_CHARS_MAX + 10_000);
        assertThat(ended.answer()).isEqualTo(rooms.turns.said(turn.id()).text());
    }

    @Test
    void stoppingEndsTheTurnAtOnceAndItsCallAtTheBackend() throws Exception {
        var written = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        gateway.script(_ -> List.of(
                ScriptedGateway.text("Once upon a time"),
                new ScriptedGateway.Step.Wait(() -> {
                    written.countDown();
                    goOn.await();
                }),
                ScriptedGateway.text(" there was"),
                ScriptedGateway.done()));
        Turn turn = ask("Tell a story");
        Thread worker = Thread.ofVirtual().start(() -> runQuietly(turn));
        written.await();
        Eventually.until("the beginning is there", () -> !find(turn).answer().isEmpty());

        Turn stopped = dialogue.service.cancel(rooms.owner, turn.id());
        goOn.countDown();
        worker.join();

        assertThat(stopped.status()).isEqualTo(TurnStatus.CANCELLED);
        assertThat(queue.cancelled).containsExactly(new TaskId(turn.task()));
        assertThat(find(turn).answer()).isEqualTo("Once upon a time");
        assertThat(kinds(turn).getLast()).isEqualTo(TurnEventKind.CANCELLED);
        assertThat(gateway.closed).hasValue(1);
        assertThat(dialogue.service.cancel(rooms.owner, turn.id()).status()).isEqualTo(TurnStatus.CANCELLED);
    }

    @Test
    void aTurnIsAnsweredAnewInItsPlace() throws Exception {
        Turn turn = ask("Hi");
        run(turn);
        gateway.script(_ -> ScriptedGateway.says("Good day."));

        Turn again = dialogue.service.regenerate(rooms.owner, turn.id(), new TurnId(rooms.ids.next()), "request-2");
        run(again);

        assertThat(find(again).answer()).isEqualTo("Good day.");
        assertThat(find(turn).answer()).isEqualTo("Hello there.");
        assertThat(find(turn).replacedBy()).contains(again.id());
        assertThat(gateway.requests.getLast().messages())
                .extracting(ChatMessage::content)
                .doesNotContain("Hello there.");
    }

    @Test
    void adviceOfAnotherAgentIsAskedLoggedAndPassedOn() throws Exception {
        gateway.script(
                request -> request.messages().stream().anyMatch(m -> m.content().contains("asks for your advice"))
                        ? ScriptedGateway.says("Use an index.")
                        : ScriptedGateway.says("Beta says so."));
        Turn turn = ask("@alpha ask zeta how to make it fast, then tell me");

        run(turn);

        assertThat(gateway.callers).containsExactly("ollama_zeta", "ollama_alpha");
        assertThat(rooms.turns.logged(turn))
                .extracting(LogEntry::kind)
                .containsExactly(LogEntry.Kind.USER, LogEntry.Kind.AGENT, LogEntry.Kind.AGENT, LogEntry.Kind.ASSISTANT);
        assertThat(gateway.requests.getLast().messages())
                .extracting(ChatMessage::content)
                .anyMatch(text -> text.contains("Use an index."));
    }

    @Test
    void aHandOverIsInTheLogAndTheLastAgentAnswers() throws Exception {
        Turn turn = ask("Beta, hand over to zeta");

        run(turn);

        assertThat(find(turn).agent()).contains("zeta");
        assertThat(rooms.turns.logged(turn)).extracting(LogEntry::kind).contains(LogEntry.Kind.HAND_OVER);
    }

    @Test
    void aTaskThatDiesTakesItsTurnAlong() {
        Turn turn = ask("Hi");
        rooms.turns.start(turn.id(), 1);

        dialogue.handler.ended(new EndedTask(
                new TaskId(turn.task()),
                rooms.owner,
                "turn",
                Jsons.turnInput(turn.id()),
                TaskStatus.DEAD_LETTER,
                ErrorCode.TASK_TIMEOUT,
                "too slow"));

        assertThat(find(turn).status()).isEqualTo(TurnStatus.FAILED);
        assertThat(find(turn).problem().orElseThrow()).contains("task_timeout");
    }

    @Test
    void turnsWithoutATaskAreEndedByTheReaper() {
        Turn turn = ask("Hi");
        Turn healthy = ask("Hi too");
        queue.statuses.remove(new TaskId(turn.task()));
        clock.advance(TurnReaper.AGE.plusSeconds(1));

        dialogue.reaper.reap();

        assertThat(find(turn).status()).isEqualTo(TurnStatus.FAILED);
        assertThat(find(healthy).status()).isEqualTo(TurnStatus.PENDING);
    }

    @Test
    void aLongConversationIsSummarisedInTheBackgroundAndGoesOnFromTheSummary() throws Exception {
        ConversationId conversation = rooms.conversation();
        gateway.script(_ -> ScriptedGateway.says("word ".repeat(300)));
        for (int i = 0; i < 9; i++) {
            run(ask(conversation, "Question " + i));
        }
        NewTask summary = queue.accepted.stream()
                .filter(t -> t.type().equals(SummaryTaskHandler.TYPE))
                .reduce((_, last) -> last)
                .orElseThrow();
        assertThat(summary.priority()).isEqualTo(Priority.LOW);
        gateway.script(_ -> ScriptedGateway.says("They asked nine questions."));
        dialogue.summaries.run(Attempt.of(rooms.owner, summary.input(), 1));
        dialogue.summaries.run(Attempt.of(rooms.owner, summary.input(), 2));

        run(ask(conversation, "And now?"));

        List<String> told = gateway.requests.getLast().messages().stream()
                .map(ChatMessage::content)
                .toList();
        assertThat(told).anyMatch(text -> text.contains("They asked nine questions."));
        assertThat(told).doesNotContain("Question 0");
        assertThat(told).contains("Question 8");
    }

    @Test
    void aModelImprovesTheTitle() throws Exception {
        Turn turn = ask("Tell me something about the moon and its phases please");
        run(turn);
        gateway.script(_ -> ScriptedGateway.says("\"Phases of the Moon\"\n"));

        dialogue.titles.run(Attempt.of(rooms.owner, Jsons.turnInput(turn.id()), 1));

        assertThat(rooms.conversations.find(rooms.owner, turn.conversation()).title())
                .isEqualTo("Phases of the Moon");
    }

    private Turn ask(String message) {
        return ask(rooms.conversation(), message);
    }

    private Turn ask(ConversationId conversation, String message) {
        return dialogue.service.ask(rooms.owner, conversation, new TurnId(rooms.ids.next()), question(message));
    }

    private static TurnService.Question question(String message) {
        return new TurnService.Question(
                message, Optional.empty(), Optional.empty(), new NewTurn.Place.Newest(), "request-1");
    }

    private Turn ask(ConversationId conversation, String message, NewTurn.Place place) {
        var question = new TurnService.Question(message, Optional.empty(), Optional.empty(), place, "request-1");
        return dialogue.service.ask(rooms.owner, conversation, new TurnId(rooms.ids.next()), question);
    }

    private void run(Turn turn) throws Exception {
        dialogue.handler.run(Attempt.of(rooms.owner, Jsons.turnInput(turn.id()), ++attempts));
    }

    private void runQuietly(Turn turn) {
        try {
            run(turn);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Turn find(Turn turn) {
        return rooms.turns.find(rooms.owner, turn.id());
    }

    private List<TurnEventKind> kinds(Turn turn) {
        return events(turn).stream().map(TurnEvent::kind).toList();
    }

    private List<TurnEvent> events(Turn turn) {
        try (TurnEvents events = rooms.feed.subscribe(turn.id(), 0)) {
            List<TurnEvent> all = new ArrayList<>();
            Optional<TurnEvent> event = events.next(Duration.ZERO);
            while (event.isPresent()) {
                all.add(event.get());
                event = events.next(Duration.ZERO);
            }
            return all;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static ScriptedGateway.Step failing(ModelException.Kind kind) {
        return new ScriptedGateway.Step.Fail(
                new ModelException(kind, ErrorCode.NETWORK_ERROR, "scripted " + kind, null, null));
    }
}
