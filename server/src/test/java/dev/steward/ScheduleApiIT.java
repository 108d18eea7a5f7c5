package dev.steward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Role;
import dev.steward.testing.ApiFixture;
import dev.steward.testing.ApiFixture.Answer;
import dev.steward.testing.ApiFixture.TestUser;
import dev.steward.testing.Eventually;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// Schedules as people meet them, all the way through HTTP.
class ScheduleApiIT {

    @AutoClose
    private static final WholeServer server = WholeServer.start("schedules.watch_ms=100");

    private final ApiFixture api = server.api();
    private final TestUser user = api.user(Role.USER);

    @Test
    void aRecurringTaskIsAnsweredAsItsFirstRunWithItsSchedule() {
        Answer made = create("""
                {"cron": "30 2 * * *", "time_zone": "Europe/Berlin"}""");

        assertThat(made.status()).as("%s", made).isEqualTo(201);
        JsonNode task = made.json();
        assertThat(task.path("status").stringValue()).isEqualTo("pending");
        assertThat(task.at("/schedule/cron").stringValue()).isEqualTo("30 2 * * *");
        JsonNode schedule = get("/api/v1/schedules/" + task.at("/schedule/id").stringValue());
        assertThat(schedule.path("words").stringValue()).isEqualTo("every day at 02:30 (Europe/Berlin)");
        assertThat(schedule.path("next_runs").size()).isEqualTo(5);
        assertThat(schedule.path("next_at")).isEqualTo(task.path("run_at"));
        assertThat(schedule.at("/next_runs/0/at")).isEqualTo(task.path("run_at"));
        assertThat(schedule.path("changes").toString()).contains("doesn't exist: runs at 03:00", "comes twice");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"cron\": \"61 * * * *\"}|schedule.cron|cron|five fields",
                "{\"cron\": \"0 0 30 2 *\"}|schedule.cron|never_occurs|0 9 28 2 *",
                "{\"rrule\": \"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\"}|schedule.rrule|never_occurs|BYMONTHDAY=28",
                "{\"rrule\": \"FREQ=MONTHLY;BYMONTHDAY=32\"}|schedule.rrule|rrule|FREQ=WEEKLY",
                "{\"rrule\": \"FREQ=SECONDLY;INTERVAL=5\"}|schedule.rrule|too_frequent|at least 60 s",
                "{\"rrule\": \"FREQ=DAILY;UNTIL=20200101T000000Z\"}|schedule.rrule|never_occurs|",
                "{\"rrule\": \"FREQ=DAILY;COUNT=2\", \"starts\": \"2020-01-01T09:00:00\"}|schedule.rrule|past|later",
                "{\"cron\": \"0 8 * * *\", \"time_zone\": \"Mars/Olympus\"}|schedule.time_zone|time_zone|Europe/Berlin",
                "{\"cron\": \"0 8 * * *\", \"rrule\": \"FREQ=DAILY\"}|schedule|one_of|either",
                "{\"cron\": \"0 8 * * *\", \"missed\": \"never\"}|schedule.missed|one_of|run_once"
            })
    void impossibleTimesAreRefusedWithFieldRuleAndWhatWouldPass(
            String schedule, String field, String rule, String message) {
        Answer refused = create(schedule);

        assertThat(refused.status()).as("%s", refused).isEqualTo(422);
        JsonNode fault = refused.json().at("/errors/0");
        assertThat(fault.path("field").stringValue()).isEqualTo(field);
        assertThat(fault.path("rule").stringValue()).isEqualTo(rule);
        assertThat(fault.path("message").stringValue()).contains(message == null ? "" : message);
        assertThat(get("/api/v1/schedules").path("items").isEmpty()).isTrue();
        assertThat(get("/api/v1/tasks").path("items").isEmpty()).isTrue();
    }

    @Test
    void pausingTakesBackTheRunThatHasNotBegunAndResumingPlansItAnew() {
        String id = create("""
                {"cron": "0 8 * * *"}""").json().path("id").stringValue();

        JsonNode paused =
                api.post("/api/v1/schedules/" + id + "/pause", user, "{}").json();

        assertThat(paused.path("paused").booleanValue()).isTrue();
        assertThat(paused.path("next_at").isNull()).isTrue();
        assertThat(get("/api/v1/tasks/" + id).path("status").stringValue()).isEqualTo("cancelled");
        JsonNode resumed =
                api.post("/api/v1/schedules/" + id + "/resume", user, "{}").json();
        assertThat(resumed.path("paused").booleanValue()).isFalse();
        assertThat(resumed.path("next_at").isNull()).isFalse();
    }

    @Test
    void aChangePlansTheRunsAnewAndKeepsWhatItDoesNotName() {
        String id = create("""
                {"cron": "0 8 * * *", "time_zone": "Europe/Berlin", "missed": "skip"}""").json().path("id").stringValue();

        JsonNode changed = api.patch("/api/v1/schedules/" + id, user, """
                {"description": "Morning", "schedule": {"rrule": "FREQ=MONTHLY;BYDAY=1MO", "starts": "2026-01-05T09:00:00"}}""").json();

        assertThat(changed.path("words").stringValue())
                .isEqualTo("on the first Monday of every month at 09:00 (Europe/Berlin)");
        assertThat(changed.path("missed").stringValue()).isEqualTo("skip");
        assertThat(changed.path("description").stringValue()).isEqualTo("Morning");
        Answer refused = api.patch("/api/v1/schedules/" + id, user, """
                {"input": {"txt": "x"}}""");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(api.delete("/api/v1/schedules/" + id, user).status()).isEqualTo(204);
        assertThat(api.get("/api/v1/schedules/" + id, user).status()).isEqualTo(404);
    }

    @Test
    void aReminderIsSaidInTheConversationForRemindersOnceItIsDue() {
        String task = api.post("/api/v1/tasks", user, """
                {"type": "reminder", "input": {"text": "call mum"}}""").json().path("id").stringValue();

        Eventually.until(
                "said",
                () -> get("/api/v1/tasks/" + task).path("status").stringValue().equals("completed"));

        JsonNode conversation = get("/api/v1/conversations").at("/items/0");
        assertThat(conversation.path("title").stringValue()).isEqualTo("Reminders");
        JsonNode turn = get("/api/v1/conversations/" + conversation.path("id").stringValue() + "/turns")
                .at("/items/0");
        assertThat(turn.path("answer").stringValue()).isEqualTo("⏰ call mum");
        assertThat(turn.path("message").stringValue()).isEmpty();
        assertThat(turn.path("status").stringValue()).isEqualTo("completed");
        assertThat(api.post("/api/v1/turns/" + turn.path("id").stringValue() + "/regenerate", user, "{}")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void aDueScheduleMakesItsTaskAndMovesOn() {
        String id = create("""
                {"rrule": "FREQ=HOURLY", "missed": "run_once"}""").json().path("id").stringValue();
        // What the clock would do: the next run, which has no task yet, is due.
        api.bean(JdbcClient.class)
                .sql(
                        "update schedule set next_at = date_trunc('second', now()) - interval '1 second' where id = cast(:id as uuid)")
                .param("id", id)
                .update();

        Eventually.until(
                "the run is over",
                () -> get("/api/v1/schedules/" + id + "/runs?sort=at")
                        .at("/items/0/outcome")
                        .asString("")
                        .equals("completed"));
        assertThat(get("/api/v1/schedules/" + id).path("next_at").isNull()).isFalse();
    }

    @Test
    void aRunThatDidNotHappenInTimeIsToldOnce() {
        String id = create("""
                {"cron": "0 8 * * *"}""").json().path("id").stringValue();
        // A run whose task waits for tomorrow but should have been over long ago.
        api.bean(JdbcClient.class).sql("""
                        update schedule_run set occurrence = now() - interval '2 hours',
                                                expected_by = now() - interval '1 hour'
                         where schedule = cast(:id as uuid)
                        """).param("id", id).update();

        Eventually.until("told", () -> turns().contains("did not run in time: its task is pending"));
        Eventually.until(
                "looked again",
                () -> !get("/api/v1/schedules/" + id + "/runs")
                        .at("/items/0/told_at")
                        .isNull());
        assertThat(turns().split("did not run in time", -1)).hasSize(2);
    }

    @Test
    void wordsAreInTheLanguageThatIsAskedForOrTheAccounts() {
        String id = create("""
                {"cron": "0 8 * * *", "time_zone": "UTC"}""").json().path("id").stringValue();
        String path = "/api/v1/schedules/" + id;

        assertThat(get(path).path("words").stringValue()).isEqualTo("every day at 08:00 (UTC)");
        assertThat(api.patch("/api/v1/me", user, "{\"language\": \"fr\"}")
                        .json()
                        .path("language")
                        .stringValue())
                .isEqualTo("fr");
        assertThat(get(path).path("words").stringValue()).isEqualTo("tous les jours à 08:00 (UTC)");
        assertThat(api.send("GET", path, user, Map.of("Accept-Language", "ja, de-AT;q=0.9"), null)
                        .json()
                        .path("words")
                        .stringValue())
                .isEqualTo("jeden Tag um 08:00 Uhr (UTC)");
        assertThat(api.patch("/api/v1/me", user, "{\"language\": \"xx\"}").status())
                .isEqualTo(422);
    }

    @Test
    void whatWentWrongIsToldInTheLanguageOfTheAccount() {
        api.patch("/api/v1/me", user, "{\"language\": \"de\"}");
        String id = create("""
                {"cron": "0 8 * * *"}""").json().path("id").stringValue();
        api.bean(JdbcClient.class).sql("""
                        update schedule_run set occurrence = now() - interval '2 hours',
                                                expected_by = now() - interval '1 hour'
                         where schedule = cast(:id as uuid)
                        """).param("id", id).update();

        Eventually.until("told", () -> turns().contains("ist nicht rechtzeitig gelaufen"));
        assertThat(get("/api/v1/conversations").at("/items/0/title").stringValue())
                .isEqualTo("Erinnerungen");
    }

    @Test
    void theOwnTimeZoneIsTheOneThatTimesAreIn() {
        assertThat(api.patch("/api/v1/me", user, """
                {"time_zone": "Nowhere/City"}""").status()).isEqualTo(422);
        assertThat(api.patch("/api/v1/me", user, """
                {"time_zone": "America/Santiago"}""").json().path("time_zone").stringValue())
                .isEqualTo("America/Santiago");

        Answer preview = api.post("/api/v1/schedules/preview", user, """
                {"schedule": {"rrule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "starts": "2026-11-23T08:00:00"}}""");

        assertThat(preview.status()).as("%s", preview).isEqualTo(200);
        assertThat(preview.json().path("words").stringValue())
                .isEqualTo("every weekday (Monday to Friday) at 08:00 (America/Santiago)");
    }

    private String turns() {
        StringBuilder all = new StringBuilder();
        get("/api/v1/conversations")
                .path("items")
                .forEach(c ->
                        all.append(get("/api/v1/conversations/" + c.path("id").stringValue() + "/turns")
                                .toString()));
        return all.toString();
    }

    private JsonNode get(String path) {
        Answer answer = api.get(path, user);
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        return answer.json();
    }

    private Answer create(String schedule) {
        return api.post("/api/v1/tasks", user, """
                {"type": "reminder", "input": {"text": "stretch"}, "schedule": %s}""".formatted(schedule));
    }
}
