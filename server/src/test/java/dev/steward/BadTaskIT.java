package dev.steward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Role;
import dev.steward.testing.ApiFixture;
import dev.steward.testing.ApiFixture.Answer;
import dev.steward.testing.ApiFixture.TestUser;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Tasks that can't be: each is refused with the field, the rule, and what would pass, and nothing is made of it.
class BadTaskIT {

    @AutoClose
    private static final WholeServer server = WholeServer.start();

    private final ApiFixture api = server.api();
    private final TestUser user = api.user(Role.USER);

    /// @param passes what the refusal says would pass
    record Bad(String what, String path, String body, String field, String rule, String passes) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Bad> bad() {
        String tasks = "/api/v1/tasks";
        String reminder = "{\"type\": \"reminder\", \"input\": {\"text\": \"x\"}, %s}";
        return Stream.of(
                new Bad(
                        "an unknown type",
                        tasks,
                        "{\"type\": \"laundry\"}",
                        "type",
                        "unknown_type",
                        "reminder with input"),
                new Bad(
                        "a payload over the limit",
                        tasks,
                        "{\"type\": \"reminder\", \"input\": {\"text\": \"%s\"}}".formatted("x".repeat(256 * 1024)),
                        "input",
                        "length",
                        "at most 262144 bytes"),
                new Bad("a circle of tasks", tasks + "/batches", """
                        {"tasks": [
                          {"name": "a", "type": "reminder", "input": {"text": "x"}, "after": ["c"]},
                          {"name": "b", "type": "reminder", "input": {"text": "x"}, "after": ["a"]},
                          {"name": "c", "type": "reminder", "input": {"text": "x"}, "after": ["b"]}]}""", "tasks[0].after", "cycle", "leave out one"),
                new Bad(
                        "a rule that never comes true",
                        tasks,
                        reminder.formatted("\"schedule\": {\"rrule\": \"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\"}"),
                        "schedule.rrule",
                        "never_occurs",
                        "BYMONTHDAY=28"),
                new Bad(
                        "a rule that is none",
                        tasks,
                        reminder.formatted("\"schedule\": {\"rrule\": \"FREQ=SOMETIMES\"}"),
                        "schedule.rrule",
                        "rrule",
                        "FREQ=WEEKLY"),
                new Bad(
                        "a deadline in the past",
                        tasks,
                        reminder.formatted("\"deadline\": \"2020-01-01T00:00:00Z\""),
                        "deadline",
                        "past",
                        "in the future"));
    }

    @Test
    void aBodyBeyondEverythingIsRefusedUnreadWithTheLengthThatWouldPass() {
        Answer refused = api.post("/api/v1/tasks", user, """
                {"type": "reminder", "input": {"text": "%s"}}""".formatted("x".repeat(1024 * 1024)));

        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
        JsonNode fault = refused.json().at("/errors/0");
        assertThat(fault.path("field").stringValue()).isEqualTo("body");
        assertThat(fault.path("rule").stringValue()).isEqualTo("length");
        assertThat(fault.path("message").stringValue()).isEqualTo("must have at most 557056 bytes");
    }

    @ParameterizedTest
    @MethodSource("bad")
    void whatCanNotBeIsRefusedWithFieldRuleAndWhatWouldPass(Bad bad) {
        Answer refused = api.post(bad.path(), user, bad.body());

        assertThat(refused.status()).as("%s", refused).isEqualTo(422);
        assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
        JsonNode problem = refused.json();
        assertThat(problem.path("code").stringValue()).isEqualTo("validation_error");
        assertThat(problem.path("request_id").isString()).isTrue();
        assertThat(problem.path("retryable").asBoolean()).isFalse();
        JsonNode fault = problem.at("/errors/0");
        assertThat(fault.path("field").stringValue()).isEqualTo(bad.field());
        assertThat(fault.path("rule").stringValue()).isEqualTo(bad.rule());
        assertThat(fault.path("message").stringValue()).contains(bad.passes());
        for (String nothing : new String[] {"/api/v1/tasks", "/api/v1/tasks/batches", "/api/v1/schedules"}) {
            assertThat(api.get(nothing, user).json().path("items").isEmpty())
                    .as(nothing)
                    .isTrue();
        }
    }
}
