package dev.steward.assistant.dialogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.conversations.ConversationRooms;
import dev.steward.conversations.LogEntry;
import dev.steward.conversations.NewTurn;
import dev.steward.conversations.Turn;
import dev.steward.conversations.TurnEvent;
import dev.steward.conversations.TurnEventKind;
import dev.steward.conversations.TurnEvents;
import dev.steward.conversations.TurnId;
import dev.steward.conversations.TurnStatus;
import dev.steward.conversations.Turns;
import dev.steward.models.ChatRequest;
import dev.steward.tasks.TaskId;
import dev.steward.tasks.TaskStatus;
import dev.steward.tasks.TestWorker;
import dev.steward.testing.Eventually;
import dev.steward.testing.PostgresFixture;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Turns and the real queue: what becomes of a turn whose worker is lost, again and again.
class TurnRecoveryIT {

    private static final int LOSSES = 20;

    /// More than there is of it in a test.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @AutoClose
    private static final PostgresFixture postgres = PostgresFixture.create();

    private final CountDownLatch release = new CountDownLatch(1);
    private final List<TestWorker> workers = new ArrayList<>();
    private final ScriptedGateway gateway =
            new ScriptedGateway(_ -> List.of(new ScriptedGateway.Step.Wait(this::hold)));
    private ConversationRooms rooms;

    @BeforeEach
    void build() {
        rooms = new ConversationRooms(postgres, InstantSource.system());
    }

    @AfterEach
    void close() {
        release.countDown();
        workers.forEach(TestWorker::close);
        rooms.close();
        postgres.jdbc().sql("truncate task, task_attempt, task_replay, worker").update();
    }

    @Test
    void anAnswerThatGrowsBetweenTwentyLossesOfItsWorkerIsCompleted() throws Exception {
        gateway.script(this::aWordAndThenNothing);
        Turn turn = ask(worker(rooms.turns));
        TurnEvents reader = rooms.feed.subscribe(turn.id(), 0);
        for (int loss = 1; loss <= LOSSES; loss++) {
            int words = loss;
            Eventually.until("the answer has grown", () -> text(turn).equals("word ".repeat(words)));
            workers.getLast().kill();
            if (loss == LOSSES) {
                gateway.script(_ -> ScriptedGateway.says("and the end."));
            }
            worker(rooms.turns);
        }

        List<TurnEvent> read = readAll(reader);

        assertThat(read.getLast().kind()).isEqualTo(TurnEventKind.COMPLETED);
        assertThat(find(turn).answer()).isEqualTo("word ".repeat(LOSSES) + "and the end.");
        awaitTask(turn, TaskStatus.COMPLETED);
    }

    @Test
    void aTurnThatTakesItsWorkerDownThreeTimesFailsAndNobodyWaitsAnyMore() throws Exception {
        Turn turn = ask(worker(rooms.turns));
        TurnEvents reader = rooms.feed.subscribe(turn.id(), 0);
        for (int loss = 1; loss <= 3; loss++) {
            int calls = loss;
            Eventually.until("the model is asked", () -> gateway.requests.size() == calls);
            workers.getLast().kill();
            worker(rooms.turns);
        }

        List<TurnEvent> read = readAll(reader);

        assertThat(read.getLast().kind()).isEqualTo(TurnEventKind.FAILED);
        assertThat(read.getLast().data()).contains("could not finish this answer", "Regenerate");
        assertThat(find(turn).status()).isEqualTo(TurnStatus.FAILED);
        assertThat(gateway.requests).hasSize(3);
        awaitTask(turn, TaskStatus.DEAD_LETTER);
    }

    @Test
    void wordsThatWereLostWithAResetAreNoProgressASecondTime() throws Exception {
        gateway.script(request -> request.continueFrom().isEmpty()
                ? aWordAndThenNothing(request)
                : List.of(
                        new ScriptedGateway.Step.Say(new dev.steward.models.AnswerEvent.Reset(0)),
                        ScriptedGateway.text("word "),
                        new ScriptedGateway.Step.Wait(this::hold)));
        Turn turn = ask(worker(rooms.turns));
        for (int loss = 1; find(turn).status() != TurnStatus.FAILED; loss++) {
            int calls = loss;
            Eventually.until(
                    "the same is said again",
                    () -> find(turn).status() == TurnStatus.FAILED
                            || (gateway.requests.size() == calls && text(turn).equals("word ")));
            workers.getLast().kill();
            worker(rooms.turns);
            assertThat(loss).isLessThan(10);
            Eventually.until(
                    "the turn goes on or is given up",
                    () -> gateway.requests.size() > calls || find(turn).status() == TurnStatus.FAILED);
        }

        awaitTask(turn, TaskStatus.DEAD_LETTER);
        assertThat(find(turn).answer()).isEqualTo("word ");
    }

    @Test
    void aTurnThatIsCancelledWhileItRunsEndsWithItsTask() throws Exception {
        TestWorker worker = worker(rooms.turns);
        Turn turn = ask(worker);
        TurnEvents reader = rooms.feed.subscribe(turn.id(), 0);
        Eventually.until("the model is asked", () -> gateway.requests.size() == 1);

        dialogue(worker, rooms.turns).service.cancel(rooms.owner, turn.id());

        assertThat(readAll(reader).getLast().kind()).isEqualTo(TurnEventKind.CANCELLED);
        awaitTask(turn, TaskStatus.CANCELLED);
    }

    @Test
    void aTurnWhoseTaskIsCancelledAfterItsWorkerWasLostEndsToo() throws Exception {
        TestWorker lost = worker(rooms.turns);
        Turn turn = ask(lost);
        Eventually.until("the model is asked", () -> gateway.requests.size() == 1);
        lost.kill();
        TurnEvents reader = rooms.feed.subscribe(turn.id(), 0);
        lost.queue().cancel(rooms.owner, new TaskId(turn.task()));

        worker(rooms.turns);

        assertThat(readAll(reader).getLast().kind()).isEqualTo(TurnEventKind.CANCELLED);
        awaitTask(turn, TaskStatus.CANCELLED);
    }

    @Test
    void aDeathBetweenTheEndOfTheTurnAndTheEndOfItsTaskChangesNothing() throws Exception {
        gateway.script(_ -> ScriptedGateway.says("All", " of it."));
        var ended = new CountDownLatch(1);
        TestWorker doomed = worker(hangingAfterComplete(ended));
        Turn turn = ask(doomed);
        ended.await();
        List<TurnEvent> before = eventsOf(turn);
        doomed.kill();
        assertThat(doomed.queue().status(rooms.owner, new TaskId(turn.task()))).contains(TaskStatus.RUNNING);

        worker(rooms.turns);

        awaitTask(turn, TaskStatus.COMPLETED);
        assertThat(eventsOf(turn)).isEqualTo(before);
        assertThat(rooms.turns.logged(turn))
                .extracting(LogEntry::kind)
                .containsExactly(LogEntry.Kind.USER, LogEntry.Kind.ASSISTANT);
        assertThat(gateway.requests).hasSize(1);
    }

    private List<ScriptedGateway.Step> aWordAndThenNothing(ChatRequest request) {
        return List.of(ScriptedGateway.text("word "), new ScriptedGateway.Step.Wait(this::hold));
    }

    private void hold() throws InterruptedException {
        release.await();
        throw new InterruptedException("the worker was lost long ago");
    }

    private Turns hangingAfterComplete(CountDownLatch ended) {
        return (Turns) Proxy.newProxyInstance(
                Turns.class.getClassLoader(), new Class<?>[] {Turns.class}, (_, called, arguments) -> {
                    Object result;
                    try {
                        result = called.invoke(rooms.turns, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (called.getName().equals("complete")) {
                        ended.countDown();
                        release.await();
                    }
                    return result;
                });
    }

    /// The next process on the same home.
    private TestWorker worker(Turns turns) {
        TestWorker worker = TestWorker.prepared(postgres, "home");
        workers.add(worker);
        worker.handle(dialogue(worker, turns).handler);
        worker.start();
        return worker;
    }

    private DialogueRooms dialogue(TestWorker worker, Turns turns) {
        return new DialogueRooms(rooms, turns, gateway, worker.queue(), InstantSource.system());
    }

    private Turn ask(TestWorker worker) {
        var question = new TurnService.Question(
                "Tell me", Optional.of("alpha"), Optional.empty(), new NewTurn.Place.Newest(), "request-1");
        return dialogue(worker, rooms.turns)
                .service
                .ask(rooms.owner, rooms.conversation(), new TurnId(rooms.ids.next()), question);
    }

    private Turn find(Turn turn) {
        return rooms.turns.find(rooms.owner, turn.id());
    }

    private String text(Turn turn) {
        return rooms.turns.said(turn.id()).text();
    }

    private void awaitTask(Turn turn, TaskStatus status) {
        Eventually.until(
                "the task is " + status,
                () -> workers.getLast()
                        .queue()
                        .status(rooms.owner, new TaskId(turn.task()))
                        .filter(s -> s == status)
                        .isPresent());
    }

    private List<TurnEvent> eventsOf(Turn turn) throws InterruptedException {
        try (TurnEvents events = rooms.feed.subscribe(turn.id(), 0)) {
            return readAll(events);
        }
    }

    private static List<TurnEvent> readAll(TurnEvents reader) throws InterruptedException {
        List<TurnEvent> all = new ArrayList<>();
        while (true) {
            TurnEvent event = reader.next(PATIENCE).orElseThrow(() -> new AssertionError("the turn never ended"));
            assertThat(event.seq()).isEqualTo(all.size() + 1L);
            all.add(event);
            if (event.kind().last()) {
                reader.close();
                return all;
            }
        }
    }
}
