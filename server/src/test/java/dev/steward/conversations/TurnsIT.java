package dev.steward.conversations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steward.base.Page;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import dev.steward.base.Wording;
import dev.steward.conversations.Turns.Completion;
import dev.steward.conversations.Turns.LogLine;
import dev.steward.testing.PostgresFixture;
import dev.steward.testing.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnsIT {

    @AutoClose
    private static final PostgresFixture postgres = PostgresFixture.create();

    private final TestClock clock = new TestClock();
    private ConversationRooms rooms;
    private Turns turns;

    @BeforeEach
    void build() {
        rooms = new ConversationRooms(postgres, clock);
        turns = rooms.turns;
    }

    @AfterEach
    void close() {
        rooms.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update conversation_log set content = 'x'",
                "delete from conversation_log",
                "truncate conversation_log",
                "update turn_event set kind = 'token'",
                "delete from turn_event",
                "truncate turn_event"
            })
    void theDatabaseForbidsChangesOfLogAndEvents(String statement) {
        rooms.running("Hello");

        assertThatThrownBy(() -> postgres.jdbc().sql(statement).update()).hasMessageContaining("is append-only");
    }

    @Test
    void privacyErasureAloneMayRemoveFromTheLog() {
        Turn turn = rooms.running("Hello");

        int removed = rooms.transactions.inOne(() -> {
            postgres.jdbc().sql("set local steward.erasure = 'on'").update();
            return postgres.jdbc()
                    .sql("delete from conversation_log where turn_id = :id")
                    .param("id", turn.id().value())
                    .update();
        });

        assertThat(removed).isEqualTo(1);
        assertThatThrownBy(() ->
                        postgres.jdbc().sql("delete from conversation_log").update())
                .hasMessageContaining("is append-only");
    }

    @Test
    void acceptingAnIdAgainChangesNothing() {
        NewTurn message = rooms.message(rooms.conversation(), "Hello");

        Turns.Accepted first = turns.accept(message);
        Turns.Accepted again = turns.accept(message);

        assertThat(first.created()).isTrue();
        assertThat(again.created()).isFalse();
        assertThat(again.turn()).isEqualTo(first.turn());
        assertThat(turns.logged(first.turn())).hasSize(1);
        assertThat(turns.list(rooms.owner, message.conversation(), false, Optional.empty(), 10)
                        .items())
                .hasSize(1);
    }

    @Test
    void theFirstMessageNamesTheConversationUntilAPersonDoes() {
        ConversationId conversation = rooms.conversation();
        turns.accept(rooms.message(conversation, "How do I bake bread? I have flour."));
        assertThat(title(conversation)).isEqualTo("How do I bake bread?");

        turns.accept(rooms.message(conversation, "And cake?"));
        assertThat(title(conversation)).isEqualTo("How do I bake bread?");
        rooms.conversations.improveTitle(rooms.owner, conversation, "Baking");
        assertThat(title(conversation)).isEqualTo("Baking");

        rooms.conversations.change(
                rooms.owner,
                conversation,
                new ConversationChange(Optional.of("Mine"), Optional.empty(), Optional.empty(), Optional.empty()));
        rooms.conversations.improveTitle(rooms.owner, conversation, "Baking again");
        assertThat(title(conversation)).isEqualTo("Mine");
    }

    @Test
    void foreignAndMissingRowsGiveTheSameAnswer() {
        Turn turn = rooms.running("Hello");
        var stranger = new UserId(UUID.randomUUID());

        assertThatThrownBy(() -> turns.find(stranger, turn.id())).hasMessage(missing());
        assertThatThrownBy(() -> turns.cancel(stranger, turn.id())).hasMessage(missing());
        assertThatThrownBy(() -> turns.rate(stranger, turn.id(), 1, "")).hasMessage(missing());
        assertThatThrownBy(() -> rooms.conversations.find(stranger, turn.conversation()))
                .isInstanceOf(StewardException.class);
        assertThatThrownBy(() -> turns.accept(new NewTurn(
                        new TurnId(rooms.ids.next()),
                        turn.conversation(),
                        stranger,
                        rooms.ids.next(),
                        Optional.empty(),
                        Optional.empty(),
                        "Hi",
                        "[]",
                        new NewTurn.Place.Newest(),
                        Optional.empty(),
                        "request-2")))
                .isInstanceOf(StewardException.class);
        assertThat(turns.list(stranger, turn.conversation(), false, Optional.empty(), 10)
                        .items())
                .isEmpty();
    }

    @Test
    void eventsAreNumberedFromOneWithoutGapsAndTheTextFollowsResets() {
        Turn turn = rooms.running("Hello");
        assertThat(turns.append(turn.id(), 1, List.of(EventDraft.token("Hel"), EventDraft.token("lo 😀"))))
                .isTrue();
        assertThat(turns.append(turn.id(), 1, List.of(EventDraft.reset(2), EventDraft.token("y"))))
                .isTrue();

        assertThat(events(turn)).extracting(TurnEvent::seq).containsExactly(1L, 2L, 3L, 4L, 5L);
        Said said = turns.said(turn.id());
        assertThat(said.text()).isEqualTo("Hey");
        assertThat(said.lastSeq()).isEqualTo(5);
        assertThat(turns.find(rooms.owner, turn.id()).answer()).isEqualTo("Hey");
    }

    @Test
    void anAttemptWithAnOldFencingNumberChangesNothing() {
        Turn turn = rooms.running("Hello");
        turns.start(turn.id(), 2);
        long events = events(turn).size();

        assertThat(turns.start(turn.id(), 1)).isEmpty();
        assertThat(turns.start(turn.id(), 2)).isEmpty();
        assertThat(turns.append(turn.id(), 1, List.of(EventDraft.token("zombie"))))
                .isFalse();
        assertThat(turns.assign(turn, 1, "zeta", new Wording("why", List.of()), List.of()))
                .isFalse();
        assertThat(turns.log(turn, 1, List.of(new LogLine(LogEntry.Kind.AGENT, "beta", "x", "{}"))))
                .isFalse();
        assertThat(turns.release(turn.id(), 1, true, List.of())).isFalse();
        assertThat(turns.complete(turn, 1, done("zombie"), List.of(EventDraft.completed(1, 1, "stop"))))
                .isFalse();
        assertThat(turns.fail(turn, 1, "zombie", "{}", List.of(EventDraft.failed("{}"))))
                .isFalse();

        assertThat(events(turn)).hasSize((int) events);
        assertThat(turns.logged(turn)).hasSize(1);
        assertThat(turns.find(rooms.owner, turn.id()).status()).isEqualTo(TurnStatus.RUNNING);
    }

    @Test
    void completionWritesAnswerEventLogAndStatusTogetherAndOnce() {
        Turn turn = rooms.running("Hello");
        turns.append(turn.id(), 1, List.of(EventDraft.token("Hi")));

        assertThat(turns.complete(
                        turn, 1, done("Hi!"), List.of(EventDraft.token("!"), EventDraft.completed(3, 2, "stop"))))
                .isTrue();
        assertThat(turns.complete(turn, 1, done("Hi!"), List.of(EventDraft.completed(3, 2, "stop"))))
                .isFalse();
        assertThat(turns.cancel(rooms.owner, turn.id())).isFalse();

        Turn ended = turns.find(rooms.owner, turn.id());
        assertThat(ended.status()).isEqualTo(TurnStatus.COMPLETED);
        assertThat(ended.answer())
                .isEqualTo("Hi!")
                .isEqualTo(turns.said(turn.id()).text());
        assertThat(ended.completedAt()).contains(clock.instant());
        assertThat(turns.logged(turn))
                .extracting(LogEntry::kind)
                .containsExactly(LogEntry.Kind.USER, LogEntry.Kind.ASSISTANT);
        assertThat(events(turn).getLast().kind()).isEqualTo(TurnEventKind.COMPLETED);
    }

    @Test
    void aStoppedTurnKeepsItsTextInTheLog() {
        Turn turn = rooms.running("Hello");
        turns.append(turn.id(), 1, List.of(EventDraft.token("Half of it")));

        assertThat(turns.cancel(rooms.owner, turn.id())).isTrue();

        assertThat(turns.append(turn.id(), 1, List.of(EventDraft.token("late"))))
                .isFalse();
        Turn ended = turns.find(rooms.owner, turn.id());
        assertThat(ended.status()).isEqualTo(TurnStatus.CANCELLED);
        assertThat(ended.answer()).isEqualTo("Half of it");
        LogEntry last = turns.logged(turn).getLast();
        assertThat(last.content()).isEqualTo("Half of it");
        assertThat(last.detail()).contains("\"whole\": false");
        assertThat(events(turn).getLast().kind()).isEqualTo(TurnEventKind.CANCELLED);
    }

    @Test
    void aTurnThatReplacesAnotherTakesItsPlaceAndBothStay() {
        ConversationId conversation = rooms.conversation();
        Turn first = answered(conversation, "One", "1");
        Turn second = answered(conversation, "Two", "2");
        NewTurn again = anew(first);
        Turn replacing = turns.accept(again).turn();

        assertThat(replacing.slot()).isEqualTo(1);
        assertThat(turns.history(replacing, 0, 10)).isEmpty();
        turns.start(replacing.id(), 1);
        turns.complete(replacing, 1, done("one"), List.of(EventDraft.completed(1, 1, "stop")));

        Turn third = turns.accept(rooms.message(conversation, "Three")).turn();
        assertThat(turns.history(third, 0, 10)).extracting(Turn::answer).containsExactly("one");
        Turn fourth = turns.accept(rooms.message(conversation, "Four", new NewTurn.Place.After(second.id(), "after")))
                .turn();
        assertThat(turns.history(fourth, 0, 10)).extracting(Turn::answer).containsExactly("1", "2");
        assertThat(turns.find(rooms.owner, first.id()).replacedBy()).contains(replacing.id());
        assertThat(turns.find(rooms.owner, replacing.id()).answers()).containsExactly(first.id(), replacing.id());
        assertThat(turns.find(rooms.owner, replacing.id()).wordings()).containsExactly(replacing.id());
    }

    @Test
    void aListHasTheTurnsOfAllBranchesByPlace() {
        ConversationId conversation = rooms.conversation();
        Turn first = answered(conversation, "One", "1");
        Turn second = answered(conversation, "Two", "2");
        Turn replacing = turns.accept(anew(first)).turn();
        Turn third = turns.accept(rooms.message(conversation, "Three", new NewTurn.Place.After(second.id(), "after")))
                .turn();

        Page<Turn> page = turns.list(rooms.owner, conversation, false, Optional.empty(), 2);
        assertThat(page.items()).extracting(Turn::id).containsExactly(first.id(), replacing.id());
        assertThat(turns.list(rooms.owner, conversation, false, page.nextCursor(), 2)
                        .items())
                .extracting(Turn::id)
                .containsExactly(second.id(), third.id());
        Page<Turn> newest = turns.list(rooms.owner, conversation, true, Optional.empty(), 3);
        assertThat(newest.items()).extracting(Turn::id).containsExactly(third.id(), second.id(), replacing.id());
        assertThat(turns.list(rooms.owner, conversation, true, newest.nextCursor(), 3)
                        .items())
                .extracting(Turn::id)
                .containsExactly(first.id());
    }

    @Test
    void aChangedMessageBeginsABranchThatKnowsNothingOfTheOther() {
        ConversationId conversation = rooms.conversation();
        Turn one = answered(conversation, "One", "1");
        Turn two = answered(conversation, "Two", "2");
        Turn three = answered(conversation, "Three", "3");
        turns.summarise(two, "alpha", "One and two were said.");

        Turn changed = turns.accept(rooms.message(conversation, "Zwei", new NewTurn.Place.InsteadOf(two.id(), "edits")))
                .turn();
        turns.start(changed.id(), 1);
        turns.complete(changed, 1, done("zwei"), List.of(EventDraft.completed(1, 1, "stop")));
        Turn next = turns.accept(rooms.message(conversation, "Drei")).turn();

        assertThat(changed.parent()).contains(one.id());
        assertThat(turns.history(next, 0, 10)).extracting(Turn::message).containsExactly("One", "Zwei");
        assertThat(turns.summary(next)).isEmpty();
        assertThat(turns.summary(three)).map(Summary::slot).contains(2);
        assertThat(turns.find(rooms.owner, two.id()).wordings()).containsExactly(two.id(), changed.id());
        assertThat(turns.find(rooms.owner, two.id()).answers()).containsExactly(two.id());
        assertThat(branch(conversation, Optional.empty())).containsExactly(next.id(), changed.id(), one.id());
        assertThat(branch(conversation, Optional.of(two.id()))).containsExactly(three.id(), two.id(), one.id());
        assertThat(branch(conversation, Optional.of(one.id()))).containsExactly(next.id(), changed.id(), one.id());
    }

    @Test
    void theVeryFirstMessageCanBeChangedToo() {
        ConversationId conversation = rooms.conversation();
        Turn one = answered(conversation, "One", "1");
        answered(conversation, "Two", "2");

        Turn changed = turns.accept(rooms.message(conversation, "Eins", new NewTurn.Place.InsteadOf(one.id(), "edits")))
                .turn();

        assertThat(changed.parent()).isEmpty();
        assertThat(turns.history(changed, 0, 10)).isEmpty();
        assertThat(title(conversation)).isEqualTo("One");
        assertThat(branch(conversation, Optional.empty())).containsExactly(changed.id());
    }

    @Test
    void aBranchIsReadPageByPageFromItsEnd() {
        ConversationId conversation = rooms.conversation();
        List<TurnId> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.addFirst(answered(conversation, "Message " + i, "yes").id());
        }

        Page<Turn> first = turns.branch(rooms.owner, conversation, Optional.empty(), Optional.empty(), 2);
        answered(conversation, "One more", "yes");
        Page<Turn> second = turns.branch(rooms.owner, conversation, Optional.empty(), first.nextCursor(), 2);
        Page<Turn> last = turns.branch(rooms.owner, conversation, Optional.empty(), second.nextCursor(), 2);

        assertThat(List.of(first, second, last))
                .flatExtracting(Page::items)
                .extracting(Turn::id)
                .containsExactlyElementsOf(ids);
        assertThat(last.nextCursor()).isEmpty();
    }

    @Test
    void aPlaceInAnotherConversationOrOfAnotherPersonIsRefused() {
        Turn elsewhere = answered(rooms.conversation(), "One", "1");
        var stranger = new ConversationRooms(postgres, clock);
        Turn foreign = stranger.running("Hello");
        ConversationId conversation = rooms.conversation();

        assertThatThrownBy(() -> turns.accept(
                        rooms.message(conversation, "Two", new NewTurn.Place.After(elsewhere.id(), "after"))))
                .isInstanceOfSatisfying(StewardException.class, e -> {
                    assertThat(e.status()).isEqualTo(422);
                    assertThat(e.faults()).first().extracting("field").isEqualTo("after");
                });
        assertThatThrownBy(() -> turns.accept(
                        rooms.message(conversation, "Two", new NewTurn.Place.InsteadOf(foreign.id(), "edits"))))
                .hasMessage(missing());
        assertThatThrownBy(() -> branch(conversation, Optional.of(elsewhere.id())))
                .hasMessage(missing());
        assertThat(branch(conversation, Optional.empty())).isEmpty();
        stranger.close();
    }

    @Test
    void aQuestionWhoseNewAnswerFailedKeepsItsOldOneInTheContext() {
        ConversationId conversation = rooms.conversation();
        Turn one = answered(conversation, "One", "1");
        Turn again = turns.accept(anew(one)).turn();
        turns.start(again.id(), 1);
        turns.fail(again, 1, "", "{}", List.of(EventDraft.failed("{}")));

        Turn two = turns.accept(rooms.message(conversation, "Two")).turn();

        assertThat(two.parent()).contains(again.id());
        assertThat(turns.history(two, 0, 10)).extracting(Turn::id).containsExactly(one.id());
    }

    @Test
    void aRunningTurnIsNotReplaced() {
        Turn turn = rooms.running("Hello");
        NewTurn again = anew(turn);

        assertThatThrownBy(() -> turns.accept(again))
                .isInstanceOfSatisfying(
                        StewardException.class, e -> assertThat(e.status()).isEqualTo(409));
    }

    @Test
    void aConversationTakesOnlySoManyUnansweredMessages() {
        ConversationId conversation = rooms.conversation();
        for (int i = 0; i < Turns.UNFINISHED_MAX; i++) {
            turns.accept(rooms.message(conversation, "Message " + i));
        }

        assertThatThrownBy(() -> turns.accept(rooms.message(conversation, "One more")))
                .isInstanceOfSatisfying(StewardException.class, e -> {
                    assertThat(e.status()).isEqualTo(429);
                    assertThat(e.retryAfter()).isPresent();
                });
    }

    @Test
    void turnsWaitForTheOneBefore() {
        ConversationId conversation = rooms.conversation();
        Turn first = turns.accept(rooms.message(conversation, "One")).turn();
        Turn second = turns.accept(rooms.message(conversation, "Two")).turn();

        assertThat(turns.mustWait(first)).isFalse();
        assertThat(turns.mustWait(second)).isTrue();
        assertThat(turns.nextInLine(first).map(Turn::id)).contains(second.id());
        turns.cancel(rooms.owner, first.id());
        assertThat(turns.mustWait(second)).isFalse();
    }

    @Test
    void deletingAConversationStopsWhatIsAnsweredInItAndHidesItAll() {
        Turn turn = rooms.running("Hello");
        turns.append(turn.id(), 1, List.of(EventDraft.token("Half")));

        rooms.conversations.delete(rooms.owner, turn.conversation());

        assertThat(turns.append(turn.id(), 1, List.of(EventDraft.token("more"))))
                .isFalse();
        assertThatThrownBy(() -> turns.find(rooms.owner, turn.id())).hasMessage(missing());
        assertThatThrownBy(() -> rooms.conversations.delete(rooms.owner, turn.conversation()))
                .isInstanceOf(StewardException.class);
        assertThat(rooms.conversations
                        .list(rooms.owner, Optional.empty(), Optional.empty(), Optional.empty(), 10)
                        .items())
                .isEmpty();
        assertThat(events(turn).getLast().kind()).isEqualTo(TurnEventKind.CANCELLED);
    }

    @Test
    void conversationsAreListedByTheirLastChangePageByPage() {
        for (int i = 0; i < 5; i++) {
            clock.advance(Duration.ofSeconds(1));
            rooms.conversation();
        }
        Page<Conversation> first =
                rooms.conversations.list(rooms.owner, Optional.empty(), Optional.empty(), Optional.empty(), 3);
        Page<Conversation> rest =
                rooms.conversations.list(rooms.owner, Optional.empty(), Optional.empty(), first.nextCursor(), 3);

        assertThat(first.items()).hasSize(3);
        assertThat(rest.items()).hasSize(2);
        assertThat(rest.nextCursor()).isEmpty();
        assertThat(first.items().getLast().updated())
                .isAfter(rest.items().getFirst().updated());
    }

    @Test
    void aSummaryIsStoredOnceAndFoundForLaterTurnsOnly() {
        ConversationId conversation = rooms.conversation();
        Turn first = answered(conversation, "One", "1");
        Turn second = answered(conversation, "Two", "2");

        assertThat(turns.summarise(first, "alpha", "They counted.")).isTrue();
        assertThat(turns.summarise(first, "alpha", "They counted again.")).isFalse();

        assertThat(turns.summary(second)).contains(new Summary(first.id(), 1, "They counted."));
        assertThat(turns.summary(first)).isEmpty();
        assertThat(turns.history(second, 1, 10)).isEmpty();
    }

    @Test
    void figuresCountOwnTurnsByAgent() {
        Turn turn = rooms.running("Hello");
        turns.assign(turn, 1, "zeta", new Wording("because", List.of()), List.of());
        clock.advance(Duration.ofSeconds(2));
        turns.complete(turn, 1, done("Hi"), List.of(EventDraft.completed(3, 2, "stop")));

        assertThat(turns.figures(rooms.owner))
                .containsExactly(new Turns.AgentFigures("zeta", 1, 1, 0, 3, 2, Duration.ofSeconds(2)));
        assertThat(turns.figures(new UserId(UUID.randomUUID()))).isEmpty();
    }

    @Test
    void aTurnWhoseTaskIsGoneEndsWithAProblem() {
        Turn turn = rooms.running("Hello");

        assertThat(turns.abandon(turn.id(), Optional.of("{\"detail\": \"gone\"}")))
                .isTrue();
        assertThat(turns.abandon(turn.id(), Optional.empty())).isFalse();

        assertThat(turns.find(rooms.owner, turn.id()).problem()).contains("{\"detail\": \"gone\"}");
        assertThat(events(turn).getLast().data()).contains("gone");
    }

    @Test
    void feedbackIsKeptOnceForEachTurn() {
        Turn turn = rooms.running("Hello");
        turns.rate(rooms.owner, turn.id(), 1, "good");
        turns.rate(rooms.owner, turn.id(), -1, "bad");

        assertThat(postgres.jdbc()
                        .sql("select rating || ' ' || comment from turn_feedback where turn_id = :id")
                        .param("id", turn.id().value())
                        .query(String.class)
                        .list())
                .containsExactly("-1 bad");
    }

    private Turn answered(ConversationId conversation, String question, String answer) {
        Turn turn = turns.accept(rooms.message(conversation, question)).turn();
        turns.start(turn.id(), 1);
        turns.complete(turn, 1, done(answer), List.of(EventDraft.token(answer), EventDraft.completed(3, 2, "stop")));
        return turns.find(rooms.owner, turn.id());
    }

    private static Completion done(String answer) {
        return new Completion("first/model", answer, 3, 2, "stop");
    }

    private List<TurnEvent> events(Turn turn) {
        return new TurnEventStore(postgres.jdbc()).after(turn.id(), 0, 1_000);
    }

    private List<TurnId> branch(ConversationId conversation, Optional<TurnId> through) {
        return turns.branch(rooms.owner, conversation, through, Optional.empty(), 50).items().stream()
                .map(Turn::id)
                .toList();
    }

    private NewTurn anew(Turn old) {
        return new NewTurn(
                new TurnId(rooms.ids.next()),
                old.conversation(),
                rooms.owner,
                rooms.ids.next(),
                Optional.empty(),
                Optional.empty(),
                old.message(),
                "[]",
                new NewTurn.Place.InsteadOf(old.id(), "id"),
                Optional.of(old.id()),
                "request-3");
    }

    private String title(ConversationId conversation) {
        return rooms.conversations.find(rooms.owner, conversation).title();
    }

    private static String missing() {
        return String.valueOf(StewardException.notFound("turn").getMessage());
    }
}
