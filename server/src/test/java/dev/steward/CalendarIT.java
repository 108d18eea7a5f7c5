package dev.steward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Role;
import dev.steward.testing.ApiFixture;
import dev.steward.testing.ApiFixture.Answer;
import dev.steward.testing.ApiFixture.TestUser;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/// Calendars out and in, over the whole API.
class CalendarIT {

    @AutoClose
    private static final WholeServer server = WholeServer.start();

    private final ApiFixture api = server.api();
    private TestUser person;

    @BeforeEach
    void aPersonInBerlin() {
        person = api.user(Role.USER);
        api.patch("/api/v1/me", person, "{\"time_zone\": \"Europe/Berlin\"}");
    }

    @Test
    void thereIsNoFeedUntilItIsMadeAndNoneAfterItIsEnded() {
        assertThat(api.get("/api/v1/schedules/feed", person)
                        .json()
                        .path("enabled")
                        .asBoolean())
                .isFalse();

        String path = feed();

        assertThat(path).matches("/api/v1/calendars/[A-Za-z0-9_-]{43}\\.ics");
        assertThat(read(path).status()).isEqualTo(200);
        assertThat(api.get("/api/v1/schedules/feed", person)
                        .json()
                        .path("enabled")
                        .asBoolean())
                .isTrue();
        assertThat(api.get("/api/v1/schedules/feed", person)
                        .json()
                        .path("read_at")
                        .isString())
                .isTrue();
        assertThat(api.delete("/api/v1/schedules/feed", person).status()).isEqualTo(204);
        assertThat(read(path).status()).isEqualTo(404);
    }

    @Test
    void aNewAddressEndsTheOldOneAndTheTokenIsNotKept() {
        String old = feed();
        String path = feed();

        assertThat(path).isNotEqualTo(old);
        assertThat(read(old).status()).isEqualTo(404);
        assertThat(read(path).status()).isEqualTo(200);
        assertThat(api.bean(JdbcClient.class)
                        .sql("select count(*) from calendar_feed where encode(token, 'escape') like :token")
                        .param("token", "%" + path.substring(18, 30) + "%")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void aCalendarFileIsTakenAsItIs() {
        String file = """
                BEGIN:VCALENDAR\r
                VERSION:2.0\r
                BEGIN:VEVENT\r
                UID:raw-1\r
                DTSTART;TZID=Europe/Berlin:20350328T080000\r
                SUMMARY:Müll hinausstellen\r
                END:VEVENT\r
                END:VCALENDAR\r
                """;
        Map<String, String> calendar = Map.of("Content-Type", "text/calendar");

        Answer looked = api.send("POST", "/api/v1/schedules/import?dry_run=true", person, calendar, file);
        Answer taken = api.send("POST", "/api/v1/schedules/import", person, calendar, file);
        Answer again = api.send("POST", "/api/v1/schedules/import", person, calendar, file);
        Answer latin = api.sendBytes(
                "POST",
                "/api/v1/schedules/import",
                person,
                calendar,
                file.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));

        assertThat(looked.json().path("dry_run").asBoolean()).as("%s", looked).isTrue();
        assertThat(taken.json().path("made").asInt()).as("%s", taken).isEqualTo(1);
        assertThat(taken.body()).contains("Müll hinausstellen");
        assertThat(again.json().path("made").asInt()).isZero();
        assertThat(latin.status()).isEqualTo(422);
        assertThat(latin.json().at("/errors/0/rule").stringValue()).isEqualTo("encoding");
    }

    @Test
    void aFeedHasTheRulesTheZoneAndStableNames() {
        String daily = made("{\"rrule\": \"FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR\", \"starts\": \"2027-03-28T08:00:00\"}");
        String cron = made("{\"cron\": \"30 9 1 * *\"}");
        made("{\"cron\": \"0 9 1 * 1\"}");
        String path = feed();

        Answer first = read(path);

        assertThat(first.header("Content-Type")).startsWith("text/calendar");
        assertThat(first.body())
                .startsWith("BEGIN:VCALENDAR\r\n")
                .endsWith("END:VCALENDAR\r\n")
                .contains("BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\n")
                .contains("TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n")
                .contains("UID:" + daily + "@steward\r\n")
                // The Sunday that it starts on is no run, so the entry starts on the Monday.
                .contains("DTSTART;TZID=Europe/Berlin:20270329T080000\r\n")
                .contains("RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR\r\n")
                .contains("UID:" + cron + "@steward\r\n")
                .contains("RRULE:FREQ=MONTHLY;BYMONTHDAY=1\r\n")
                .contains("RDATE;TZID=Europe/Berlin:");
        assertThat(first.body().lines()).allMatch(line -> line.length() <= 75);

        Answer same = api.send("GET", path, ApiFixture.ANONYMOUS, Map.of("If-None-Match", first.header("ETag")), null);
        assertThat(same.status()).isEqualTo(304);
        assertThat(read(path).body()).isEqualTo(first.body());
        made("{\"cron\": \"0 8 * * *\"}");
        assertThat(api.send("GET", path, ApiFixture.ANONYMOUS, Map.of("If-None-Match", first.header("ETag")), null)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void whatAFeedSaysIsReadBackAsTheSameTimes() {
        made("{\"rrule\": \"FREQ=DAILY;COUNT=900\", \"starts\": \"2027-01-01T02:30:00\","
                + " \"except\": [\"2027-01-05T02:30:00\"], \"time_zone\": \"America/New_York\"}");
        String text = read(feed()).body();

        person = api.user(Role.USER);
        Answer taken = take(text, true);

        assertThat(statuses(taken)).isEqualTo("new");
        assertThat(taken.json().at("/entries/0/words").stringValue())
                .isEqualTo("every day at 02:30, 900 times (America/New_York)");
        assertThat(taken.json()
                        .at("/entries/0/next_runs")
                        .valueStream()
                        .map(run -> run.path("local").stringValue().substring(0, 16)))
                .containsExactly(
                        "2027-01-01T02:30",
                        "2027-01-02T02:30",
                        "2027-01-03T02:30",
                        "2027-01-04T02:30",
                        "2027-01-06T02:30");
    }

    @Test
    void aFileIsShownFirstThenMadeAndNeverTwice() {
        String file = calendar("""
                BEGIN:VEVENT
                UID:one@example.test
                SUMMARY:Team\\, weekly
                DTSTART;TZID=Europe/Berlin:20270104T090000
                RRULE:FREQ=WEEKLY;BYDAY=MO
                EXDATE;TZID=Europe/Berlin:20270111T090000
                BEGIN:VALARM
                TRIGGER:-PT15M
                ACTION:DISPLAY
                DESCRIPTION:no summary of the event
                END:VALARM
                END:VEVENT
                BEGIN:VTODO
                UID:two@example.test
                SUMMARY:Tax
                DUE;VALUE=DATE:20270531
                END:VTODO
                BEGIN:VEVENT
                UID:old@example.test
                SUMMARY:Long ago
                DTSTART:20200104T090000Z
                END:VEVENT
                BEGIN:VEVENT
                UID:off@example.test
                SUMMARY:Called off
                STATUS:CANCELLED
                DTSTART:20270104T090000Z
                END:VEVENT
                """);

        Answer shown = take(file, true);

        assertThat(shown.status()).isEqualTo(200);
        assertThat(statuses(shown)).isEqualTo("new new past cancelled");
        assertThat(shown.json().at("/entries/0/what").stringValue()).isEqualTo("Team, weekly");
        assertThat(shown.json().at("/entries/0/words").stringValue())
                .isEqualTo("every Monday at 09:00 (Europe/Berlin)");
        assertThat(shown.json().at("/entries/0/next_runs/1/local").stringValue())
                .startsWith("2027-01-18T09:00");
        assertThat(shown.json().at("/entries/1/next_runs/0/local").stringValue())
                .startsWith("2027-05-31T09:00");
        assertThat(schedules()).isZero();

        assertThat(statuses(take(file, false))).isEqualTo("made made past cancelled");
        assertThat(schedules()).isEqualTo(2);
        assertThat(statuses(take(file, false))).isEqualTo("known known past cancelled");
        assertThat(schedules()).isEqualTo(2);
    }

    @Test
    void ownEntriesOfTheFeedAreKnown() {
        made("{\"cron\": \"0 8 * * *\"}");

        assertThat(statuses(take(read(feed()).body(), false))).isEqualTo("known");
        assertThat(schedules()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RRULE:FREQ=SECONDLY",
                "RRULE:FREQ=SOMETIMES",
                "RRULE:FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2",
                "RRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY",
                "EXDATE:yesterday",
                "no colon in this line",
            })
    void whatCannotBeIsRefusedWithItsLineAndNothingIsMade(String line) {
        String file = calendar("""
                BEGIN:VEVENT
                UID:good@example.test
                SUMMARY:Good
                DTSTART:20270104T090000Z
                END:VEVENT
                BEGIN:VEVENT
                UID:bad@example.test
                SUMMARY:Bad
                DTSTART:20270104T090000Z
                %s
                END:VEVENT
                """.formatted(line));

        Answer refused = take(file, false);

        assertThat(refused.status()).as("%s", refused).isEqualTo(422);
        assertThat(refused.body()).contains("calendar line ");
        assertThat(schedules()).isZero();
    }

    @Test
    void aTimeOrZoneThatIsNoneIsRefused() {
        assertThat(take(calendar("BEGIN:VEVENT\nUID:a\nDTSTART:20271304T090000\nEND:VEVENT\n"), false)
                        .body())
                .contains("calendar line 6, DTSTART");
        assertThat(take(calendar("BEGIN:VEVENT\nUID:a\nDTSTART;TZID=Mars/Olympus:20270104T090000\nEND:VEVENT\n"), false)
                        .body())
                .contains("DTSTART-TZID");
        assertThat(take("not a calendar", false).status()).isEqualTo(422);
        assertThat(take("BEGIN:VCALENDAR\nVERSION:1.0\nEND:VCALENDAR\n", false).status())
                .isEqualTo(422);
    }

    @Test
    void hostileFilesAreRefusedSoon() {
        String many = calendar(IntStream.range(0, 600)
                .mapToObj(i -> "BEGIN:VEVENT\nUID:" + i + "\nDTSTART:20270104T090000Z\nEND:VEVENT\n")
                .collect(Collectors.joining()));
        String deep = "BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\n".repeat(5_000);
        String never = calendar(IntStream.range(0, 400)
                .mapToObj(i -> "BEGIN:VEVENT\nUID:" + i
                        + "\nDTSTART:20270104T090000Z\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\nEND:VEVENT\n")
                .collect(Collectors.joining()));
        String wide = calendar("BEGIN:VEVENT\nUID:a\nSUMMARY:" + "x".repeat(50_000) + "\nEND:VEVENT\n");

        for (String file : new String[] {many, deep, never, wide}) {
            Answer refused = take(file, false);
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.body()).contains("calendar line ");
        }
        assertThat(take(calendar("X:" + "x".repeat(1_100_000)), false).status()).isIn(413, 422);
        assertThat(schedules()).isZero();
    }

    private String feed() {
        Answer made = api.post("/api/v1/schedules/feed", person, "{}");
        assertThat(made.status()).isEqualTo(201);
        return made.json().path("path").stringValue();
    }

    private Answer read(String path) {
        return api.get(path, ApiFixture.ANONYMOUS);
    }

    private String made(String schedule) {
        Answer made = api.post("/api/v1/tasks", person, """
                {"type": "reminder", "description": "Say; “hello”, world, in a line that is long enough to be folded",
                 "input": {"text": "Hi"}, "schedule": %s}""".formatted(schedule));
        assertThat(made.status()).as("%s", made).isEqualTo(201);
        return made.json().path("id").stringValue();
    }

    private Answer take(String calendar, boolean dryRun) {
        return api.post(
                "/api/v1/schedules/import",
                person,
                JsonMapper.shared().writeValueAsString(Map.of("calendar", calendar, "dry_run", dryRun)));
    }

    private static String calendar(String entries) {
        return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//test//EN\r\n"
                + entries.replace("\n", "\r\n")
                + "END:VCALENDAR\r\n";
    }

    private static String statuses(Answer answer) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        return answer.json()
                .path("entries")
                .valueStream()
                .map(e -> e.path("status").stringValue())
                .collect(Collectors.joining(" "));
    }

    private int schedules() {
        return api.get("/api/v1/schedules", person).json().path("items").size();
    }
}
