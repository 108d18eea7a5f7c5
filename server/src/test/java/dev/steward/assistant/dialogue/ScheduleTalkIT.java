package dev.steward.assistant.dialogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.assistant.agents.AgentsSettings;
import dev.steward.assistant.agents.LiveAgents;
import dev.steward.base.ErrorCode;
import dev.steward.base.Role;
import dev.steward.base.UserId;
import dev.steward.conversations.ConversationId;
import dev.steward.conversations.ConversationRooms;
import dev.steward.conversations.NewTurn;
import dev.steward.conversations.Turn;
import dev.steward.conversations.TurnId;
import dev.steward.conversations.TurnStatus;
import dev.steward.conversations.Turns;
import dev.steward.models.ModelException;
import dev.steward.models.ServedModel;
import dev.steward.schedules.ScheduleRooms;
import dev.steward.testing.ApiFixture;
import dev.steward.testing.ApiFixture.TestUser;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Wishes for reminders in a conversation, on a real database. It is Saturday, 21 November 2026, 15:00 in Berlin.
class ScheduleTalkIT {

    private static final ApiFixture api = ApiFixture.start();
    private static final int CALLS_MAX = 30;

    private final RecordingQueue queue = new RecordingQueue();
    private final ScheduleRooms schedules = new ScheduleRooms(api, queue);
    private final ScriptedGateway gateway = new ScriptedGateway(_ -> ScriptedGateway.says("a model's answer"));
    private ConversationRooms rooms;
    private TestUser person;
    private ConversationId conversation;

    @BeforeEach
    void build() {
        rooms = new ConversationRooms(api.postgres(), InstantSource.system());
        person = api.user(Role.USER);
        inBerlin();
        conversation = rooms.conversations
                .create(owner(), new ConversationId(rooms.ids.next()), Optional.empty(), Optional.empty())
                .id();
    }

    @AfterEach
    void close() {
        rooms.close();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void aReminderIsMadeAndSaidBackWithItsDateAndZone() throws Exception {
        Turn answered = say("remind me tomorrow at nine to call Anna");

        assertThat(answered.status()).isEqualTo(TurnStatus.COMPLETED);
        assertThat(answered.answer())
                .contains("“call Anna”, Sunday, 22 November 2026, 09:00 (Europe/Berlin)")
                .contains("cancel that");
        assertThat(answered.model()).contains("steward/schedules");
        assertThat(schedules.ahead(owner())).containsExactly("reminder call Anna  2026-11-22T09:00 Europe/Berlin");
        assertThat(gateway.requests).isEmpty();
    }

    @Test
    void whatRecursIsSaidBackWithFiveRunsAndTheChangesOfTheClocks() throws Exception {
        Turn answered = say("jeden Sonntag um 02:30 erinnere mich an die Sicherung");

        assertThat(answered.answer())
                .contains("jeden Sonntag um 02:30 Uhr (Europe/Berlin)")
                .contains("- Sonntag, 22. November 2026, 02:30")
                .contains("- Sonntag, 20. Dezember 2026, 02:30")
                .contains("am 28. März 2027 gibt es 02:30 nicht: läuft um 03:00")
                .contains("am 31. Oktober 2027 gibt es 02:30 zweimal");
        assertThat(schedules.ahead(owner())).hasSize(1);
    }

    @Test
    void aThingToDoIsAskedInTheSameConversationWhenItsTimeComes() throws Exception {
        say("every weekday at 8 summarise my tasks");
        assertThat(schedules.ahead(owner()))
                .containsExactly(
                        "ask summarise my tasks FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR 2026-11-22T08:00 Europe/Berlin");
        var dialogue = dialogue(rooms.turns);
        String input = api.postgres()
                .jdbc()
                .sql("select input::text from schedule where owner = :owner")
                .param("owner", owner().value())
                .query(String.class)
                .single();
        var task = Attempt.of(owner(), input, 1);
        var asking = new AskTaskHandler(dialogue.service, rooms.conversations);

        asking.run(task);
        asking.run(task); // The same task again asks nothing twice.

        Turn asked = rooms.turns.find(owner(), new TurnId(task.task().value()));
        assertThat(asked.conversation()).isEqualTo(conversation);
        assertThat(asked.message()).isEqualTo("summarise my tasks");
        assertThat(rooms.turns
                        .branch(owner(), conversation, Optional.empty(), Optional.empty(), 10)
                        .items())
                .hasSize(2);
    }

    @Test
    void aTurnThatDiesAtAnyCallAndIsTriedAgainMakesOneSchedule() throws Exception {
        for (boolean afterEffect : List.of(false, true)) {
            int crashes = 0;
            for (int call = 1; call < CALLS_MAX; call++) {
                var faults = new FaultyTurns(call, afterEffect);
                var dialogue = dialogue(faults.over(rooms.turns));
                int before = schedules.ahead(owner()).size();
                Turn turn = accept("remind me every day at 22:00 to breathe, number " + call + afterEffect);

                for (int number = 1; number <= 3; number++) {
                    try {
                        dialogue.handler.run(Attempt.of(owner(), Jsons.turnInput(turn.id()), number));
                        break;
                    } catch (FaultyTurns.Crash _) {
                        // The next attempt goes on, as the queue would have it.
                    }
                }

                Turn ended = rooms.turns.find(owner(), turn.id());
                assertThat(ended.status()).as("crash at call %d", call).isEqualTo(TurnStatus.COMPLETED);
                assertThat(ended.answer()).contains("every day at 22:00");
                assertThat(schedules.ahead(owner()))
                        .as("crash at call %d", call)
                        .hasSize(before + 1);
                if (!faults.failed()) {
                    break;
                }
                crashes++;
            }
            assertThat(crashes).isBetween(4, CALLS_MAX - 2);
        }
    }

    @Test
    void anAnswerThatIsMadeAnewMakesNoSecondSchedule() throws Exception {
        Turn first = say("remind me every day at 22:00 to breathe");
        var dialogue = dialogue(rooms.turns);

        Turn anew = dialogue.service.regenerate(owner(), first.id(), new TurnId(rooms.ids.next()), "request-2");
        dialogue.handler.run(Attempt.of(owner(), Jsons.turnInput(anew.id()), 1));

        assertThat(rooms.turns.find(owner(), anew.id()).answer()).contains("That is set already");
        assertThat(schedules.ahead(owner())).hasSize(1);
    }

    @Test
    void whatIsMissingIsAskedAndTheAnswerMakesIt() throws Exception {
        assertThat(say("remind me tomorrow to call Anna").answer()).isEqualTo("At what time?");
        assertThat(schedules.ahead(owner())).isEmpty();

        assertThat(say("at 5").answer()).isEqualTo("Do you mean 05:00 or 17:00?");
        assertThat(say("17:00").answer()).contains("Sunday, 22 November 2026, 17:00");
        assertThat(schedules.ahead(owner())).containsExactly("reminder call Anna  2026-11-22T17:00 Europe/Berlin");
    }

    @Test
    void somethingElseInsteadOfAnAnswerGoesToTheModel() throws Exception {
        say("remind me tomorrow to call Anna");

        assertThat(say("what is the capital of Peru?").answer()).isEqualTo("a model's answer");
        assertThat(say("at 5").answer()).isEqualTo("a model's answer");
        assertThat(schedules.ahead(owner())).isEmpty();
    }

    @Test
    void aZoneThatNobodyNamedIsAskedForAndKept() throws Exception {
        person = api.user(Role.USER);
        conversation = rooms.conversations
                .create(owner(), new ConversationId(rooms.ids.next()), Optional.empty(), Optional.empty())
                .id();

        assertThat(say("remind me tomorrow at nine to call Anna").answer()).startsWith("In which time zone are you?");
        assertThat(say("Atlantis").answer()).startsWith("I know no time zone of this name");
        assertThat(schedules.ahead(owner())).isEmpty();
        assertThat(say("Tokyo").answer()).contains("09:00 (Asia/Tokyo)");

        assertThat(schedules.ahead(owner())).containsExactly("reminder call Anna  2026-11-22T09:00 Asia/Tokyo");
        assertThat(api.get("/api/v1/me", person).json().path("time_zone").stringValue())
                .isEqualTo("Asia/Tokyo");
        assertThat(say("remind me tomorrow at ten to eat").answer()).contains("10:00 (Asia/Tokyo)");
    }

    @Test
    void whatWasMadeLastIsCancelledByAWord() throws Exception {
        say("remind me tomorrow at nine to call Anna");

        assertThat(say("cancel that").answer()).startsWith("Cancelled: “call Anna”");
        assertThat(schedules.ahead(owner())).isEmpty();
        assertThat(say("cancel that").answer()).isEqualTo("a model's answer");
    }

    @Test
    void remindersAreListedAndCancelledByWhatTheyAreAbout() throws Exception {
        assertThat(say("what are my reminders?").answer()).startsWith("You have no reminders");
        say("remind me tomorrow at nine to call Anna");
        say("remind me every Monday at 10 to water Anna's plants");

        assertThat(say("what are my reminders?").answer())
                .containsSubsequence(
                        "call Anna", "22 November 2026, 09:00", "water Anna's plants", "every Monday at 10:00");
        assertThat(say("cancel the reminder about Anna").answer()).startsWith("More than one fits “anna”");
        assertThat(say("lösche die Erinnerung an Gustav").answer()).startsWith("Keine Erinnerung");
        assertThat(schedules.ahead(owner())).hasSize(2);
        assertThat(say("cancel the reminder about plants").answer()).startsWith("Cancelled: “water Anna's plants”");
        assertThat(schedules.ahead(owner())).hasSize(1);
    }

    @Test
    void nothingOfAnotherPersonIsSeenOrCancelled() throws Exception {
        say("remind me tomorrow at nine to call Anna");
        UserId first = owner();
        person = api.user(Role.USER);
        inBerlin();
        conversation = rooms.conversations
                .create(owner(), new ConversationId(rooms.ids.next()), Optional.empty(), Optional.empty())
                .id();

        assertThat(say("what are my reminders?").answer()).startsWith("You have no reminders");
        assertThat(say("cancel the reminder about Anna").answer()).startsWith("No reminder");
        assertThat(schedules.ahead(first)).hasSize(1);
    }

    @Test
    void whatTheGrammarCannotReadIsReadByAModelAndSaidBack() throws Exception {
        capable();
        gateway.script(_ -> ScriptedGateway.says("""
                {"clear": true, "once": "2026-12-24T18:00", "rrule": "", "starts": "", "what": "light the tree"}"""));

        Turn answered = say("remind me on Christmas eve at six in the evening to light the tree");

        assertThat(answered.answer())
                .contains("“light the tree”, Thursday, 24 December 2026, 18:00 (Europe/Berlin)")
                .contains("language model; please check");
        assertThat(gateway.requests).hasSize(1);
        assertThat(gateway.requests.getFirst().jsonSchema()).isPresent();
    }

    @Test
    void whatAModelReadsWronglyMakesNothing() throws Exception {
        capable();
        List<String> wrong = List.of(
                "no json",
                "{\"clear\": false, \"once\": \"2026-12-24T18:00\", \"rrule\": \"\", \"what\": \"x\"}",
                "{\"clear\": true, \"once\": \"2020-12-24T18:00\", \"rrule\": \"\", \"what\": \"x\"}",
                "{\"clear\": true, \"once\": \"2026-02-30T18:00\", \"rrule\": \"\", \"what\": \"x\"}",
                "{\"clear\": true, \"once\": \"\", \"rrule\": \"FREQ=SOMETIMES\", \"starts\": \"2026-12-24T18:00\","
                        + " \"what\": \"x\"}",
                "{\"clear\": true, \"once\": \"\", \"rrule\": \"FREQ=SECONDLY\", \"starts\": \"2026-12-24T18:00\","
                        + " \"what\": \"x\"}",
                "{\"clear\": true, \"once\": \"\", \"rrule\": \"\", \"what\": \"x\"}",
                "[]");
        for (String answer : wrong) {
            gateway.script(_ -> ScriptedGateway.says(answer));

            assertThat(say("remind me every day at 8 until Christmas to run").answer())
                    .as(answer)
                    .startsWith("I can’t read that time for certain");
        }
        assertThat(schedules.ahead(owner())).isEmpty();
    }

    @Test
    void withoutAnyModelClearWishesWorkAndOthersAreAsked() throws Exception {
        gateway.served = List.of();
        gateway.script(_ -> List.of(new ScriptedGateway.Step.Fail(new ModelException(
                ModelException.Kind.NO_BACKEND, ErrorCode.SERVICE_UNAVAILABLE, "none", null, null))));

        assertThat(say("remind me in 20 minutes to take the pizza out").answer())
                .contains("Saturday, 21 November 2026, 15:20");
        assertThat(say("remind me every day at 8 until Friday to run").answer()).startsWith("I can’t read that time");
    }

    @Test
    void aQuotedWishMakesNothing() throws Exception {
        assertThat(say("what does 'remind me tomorrow at 9 to call Anna' mean?").answer())
                .isEqualTo("a model's answer");
        assertThat(schedules.ahead(owner())).isEmpty();
    }

    private UserId owner() {
        return person.id();
    }

    private void inBerlin() {
        api.patch("/api/v1/me", person, "{\"time_zone\": \"Europe/Berlin\"}");
    }

    private void capable() {
        gateway.served = List.of(new ServedModel(ScriptedGateway.MODEL, false, false, OptionalInt.of(32_768)));
    }

    private DialogueRooms dialogue(Turns turns) {
        var talk = new ScheduleTalk(
                schedules.spoken,
                turns,
                new ModelQuestion(gateway),
                LiveAgents.of(AgentsSettings.defaults()),
                rooms.transactions);
        return new DialogueRooms(talk, rooms, turns, gateway, queue, InstantSource.system());
    }

    private Turn accept(String message) {
        return rooms.turns
                .accept(new NewTurn(
                        new TurnId(rooms.ids.next()),
                        conversation,
                        owner(),
                        rooms.ids.next(),
                        Optional.empty(),
                        Optional.empty(),
                        message,
                        "[]",
                        new NewTurn.Place.Newest(),
                        Optional.empty(),
                        "request-1"))
                .turn();
    }

    private Turn say(String message) throws Exception {
        Turn turn = accept(message);
        dialogue(rooms.turns).handler.run(Attempt.of(owner(), Jsons.turnInput(turn.id()), 1));
        return rooms.turns.find(owner(), turn.id());
    }
}
