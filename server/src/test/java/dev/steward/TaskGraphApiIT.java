package dev.steward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Role;
import dev.steward.testing.ApiFixture;
import dev.steward.testing.ApiFixture.Answer;
import dev.steward.testing.ApiFixture.TestUser;
import dev.steward.testing.Eventually;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Tasks that follow others, and batches, as people meet them.
class TaskGraphApiIT {

    @AutoClose
    private static final WholeServer server = WholeServer.start();

    private static final String NOOP = "{\"type\": \"noop\", \"max_retries\": 0%s}";

    private final ApiFixture api = server.api();
    private final TestUser user = api.user(Role.OPERATOR);

    private Answer create(String more) {
        return api.post("/api/v1/tasks", user, NOOP.formatted(more));
    }

    private JsonNode get(String path) {
        Answer answer = api.get(path, user);
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        return answer.json();
    }

    private void await(String task, String status) {
        Eventually.until(
                task + " is " + status,
                () -> get("/api/v1/tasks/" + task).path("status").stringValue().equals(status));
    }

    private static String id(Answer made) {
        assertThat(made.status()).as("%s", made).isEqualTo(201);
        return made.json().path("id").stringValue();
    }

    @Test
    void aTaskShowsWhatItWaitsForAndRunsWhenThatHasEnded() {
        String first = id(create(", \"input\": {\"duration_ms\": 300}"));

        Answer second = create(", \"after\": [\"%s\"]".formatted(first));

        assertThat(second.json().path("status").stringValue()).isEqualTo("pending");
        assertThat(second.json().path("waiting_for").intValue()).isEqualTo(1);
        assertThat(second.json().at("/after/0").stringValue()).isEqualTo(first);
        assertThat(second.json().path("if_failed").stringValue()).isEqualTo("wait");
        await(id(second), "completed");
        assertThat(get("/api/v1/tasks/" + id(second)).path("waiting_for").intValue())
                .isZero();
    }

    @Test
    void repeatingARequestGivesTheSameTaskWhateverBecameOfWhatItFollows() {
        String first = id(create(", \"run_at\": \"2035-01-01T00:00:00Z\""));
        String body = NOOP.formatted(", \"after\": [\"%s\"]".formatted(first));
        Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        String second = id(api.send("POST", "/api/v1/tasks", user, key, body));
        api.delete("/api/v1/tasks/" + first, user);

        assertThat(id(api.send("POST", "/api/v1/tasks", user, key, body))).isEqualTo(second);
        await(second, "cancelled");
    }

    @Test
    void aTaskCanBeAPartOfAnotherAndIsListedByIt() {
        String whole = id(create(""));
        String body = NOOP.formatted(", \"parent\": \"%s\"".formatted(whole));
        Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());

        Answer part = api.send("POST", "/api/v1/tasks", user, key, body);
        String follower = id(create(", \"parent\": \"%s\", \"after\": [\"%s\"]".formatted(whole, id(part))));

        assertThat(part.json().path("parent").stringValue()).isEqualTo(whole);
        assertThat(part.json().path("owner").stringValue())
                .isEqualTo(user.id().value().toString());
        assertThat(id(api.send("POST", "/api/v1/tasks", user, key, body))).isEqualTo(id(part));
        assertThat(get("/api/v1/tasks?parent=" + whole).path("items"))
                .extracting(item -> item.path("id").stringValue())
                .containsExactly(follower, id(part));
        await(follower, "completed");
        String theirs = id(api.post("/api/v1/tasks", api.user(Role.OPERATOR), NOOP.formatted("")));
        assertThat(fault(create(", \"parent\": \"%s\"".formatted(theirs)))).isEqualTo("parent not_found");
        assertThat(fault(create(", \"parent\": \"%s\"".formatted(UUID.randomUUID()))))
                .isEqualTo("parent not_found");
    }

    @Test
    void whatFollowsATaskIsListedByItPageByPage() {
        String first = id(create(", \"run_at\": \"2035-01-01T00:00:00Z\""));
        String after = ", \"after\": [\"%s\"]".formatted(first);
        List<String> followers =
                IntStream.range(0, 3).mapToObj(_ -> id(create(after))).toList();
        id(create(", \"after\": [\"%s\"]".formatted(followers.getFirst())));
        String path = "/api/v1/tasks?sort=created&limit=2&after=" + first;

        JsonNode page = get(path);
        JsonNode rest = get(path + "&cursor=" + page.path("next_cursor").stringValue());

        assertThat(ids(page)).containsExactlyElementsOf(followers.subList(0, 2));
        assertThat(ids(rest)).containsExactly(followers.getLast());
        assertThat(rest.path("next_cursor").isNull()).isTrue();
        assertThat(page.at("/items/0/waiting_for").intValue()).isEqualTo(1);
    }

    @Test
    void whatFollowedATaskIsListedAfterItsEndToo() {
        String first = id(create(""));
        await(first, "completed");
        String second = id(create(", \"after\": [\"%s\"]".formatted(first)));
        await(second, "completed");

        assertThat(ids(get("/api/v1/tasks?after=" + first))).containsExactly(second);
        assertThat(ids(get("/api/v1/tasks?status=pending&after=" + first))).isEmpty();
    }

    @Test
    void whatFollowsATaskOfSomebodyElseOrOfNobodyIsNothing() {
        String first = id(create(", \"run_at\": \"2035-01-01T00:00:00Z\""));
        id(create(", \"after\": [\"%s\"]".formatted(first)));

        Answer theirs = api.get("/api/v1/tasks?after=" + first, api.user(Role.OPERATOR));

        assertThat(theirs.status()).isEqualTo(200);
        assertThat(ids(theirs.json())).isEmpty();
        assertThat(ids(get("/api/v1/tasks?after=" + UUID.randomUUID()))).isEmpty();
        assertThat(fault(api.get("/api/v1/tasks?after=first", user))).isEqualTo("after format");
    }

    private static List<String> ids(JsonNode page) {
        return page.path("items")
                .valueStream()
                .map(item -> item.path("id").stringValue())
                .toList();
    }

    @Test
    void aDeadLetterTellsItsBatchWhatItFollowedAndHowManyWaitForIt() {
        Answer made = batch("""
                {"description": "Monthly", "tasks": [
                  {"name": "zero", "type": "noop"},
                  {"name": "bad", "type": "noop", "after": ["zero"], "max_retries": 0, "input": {"fail_times": 1}},
                  {"type": "noop", "after": ["bad"]},
                  {"type": "noop", "after": ["bad"]},
                  {"type": "noop", "after": ["bad"], "if_failed": "cancel"}],
                 "final": {"type": "noop"}}""");
        JsonNode members = get("/api/v1/tasks/batches/" + id(made) + "/tasks").path("items");
        String bad = members.at("/1/task/id").stringValue();
        await(bad, "dead_letter");

        Answer seen = api.get("/api/v1/dlq/" + bad, api.user(Role.OPERATOR));

        assertThat(seen.json().at("/batch/id").stringValue()).isEqualTo(id(made));
        assertThat(seen.json().at("/batch/description").stringValue()).isEqualTo("Monthly");
        assertThat(seen.json().path("waiting").intValue()).isEqualTo(2);
        assertThat(seen.json().at("/original_task/batch").stringValue()).isEqualTo(id(made));
        assertThat(seen.json().at("/original_task/after/0")).isEqualTo(members.at("/0/task/id"));
        assertThat(get("/api/v1/dlq").path("items"))
                .filteredOn(item -> item.path("id").stringValue().equals(bad))
                .singleElement()
                .isEqualTo(seen.json());

        assertThat(api.post("/api/v1/dlq/" + bad + "/retry", user, "{}").json().path("batch"))
                .isEqualTo(seen.json().at("/batch/id"));
        await(made.json().path("final").stringValue(), "completed");
        String alone = id(create(", \"input\": {\"fail_times\": 1}"));
        await(alone, "dead_letter");
        JsonNode letter = get("/api/v1/dlq/" + alone);
        assertThat(letter.path("batch").isNull()).isTrue();
        assertThat(letter.path("waiting").intValue()).isZero();
    }

    @Test
    void whatCanNotBeFollowedIsRefusedByName() {
        TestUser other = api.user(Role.OPERATOR);
        String theirs = id(api.post("/api/v1/tasks", other, NOOP.formatted("")));

        Answer foreign = create(", \"after\": [\"%s\"]".formatted(theirs));
        Answer unknown = create(", \"after\": [\"%s\"]".formatted(UUID.randomUUID()));
        Answer many = create(", \"after\": [%s]"
                .formatted(IntStream.range(0, 101)
                        .mapToObj(_ -> "\"" + UUID.randomUUID() + "\"")
                        .collect(Collectors.joining(","))));
        Answer nothing = create(", \"after\": [null]");
        Answer alone = create(", \"if_failed\": \"run\"");
        Answer policy = create(", \"after\": [\"%s\"], \"if_failed\": \"maybe\"".formatted(theirs));

        assertThat(fault(foreign)).isEqualTo("after[0] not_found");
        assertThat(foreign.json().at("/errors/0/message"))
                .isEqualTo(unknown.json().at("/errors/0/message"));
        assertThat(fault(unknown)).isEqualTo("after[0] not_found");
        assertThat(fault(many)).isEqualTo("after length");
        assertThat(fault(nothing)).isEqualTo("after[0] required");
        assertThat(fault(alone)).isEqualTo("if_failed alone");
        assertThat(fault(policy)).isEqualTo("if_failed one_of");
        assertThat(get("/api/v1/tasks").path("items").isEmpty()).isTrue();
    }

    private static String fault(Answer refused) {
        assertThat(refused.status()).as("%s", refused).isEqualTo(422);
        JsonNode first = refused.json().at("/errors/0");
        return first.path("field").stringValue() + " " + first.path("rule").stringValue();
    }

    private Answer batch(String body) {
        return api.post("/api/v1/tasks/batches", user, body);
    }

    @Test
    void theFinalTaskRunsOnceWhenAllHaveEndedAndIsToldHow() {
        Answer made = batch("""
                {"description": "Nightly", "tasks": [
                  {"name": "a", "type": "noop", "input": {"duration_ms": 100}},
                  {"name": "b", "type": "noop", "after": ["a"]},
                  {"name": "c", "type": "noop", "max_retries": 0, "input": {"fail_times": 9}},
                  {"type": "noop", "after": ["c"], "if_failed": "cancel"}],
                 "final": {"type": "noop"}}""");

        String batch = id(made);
        String last = made.json().path("final").stringValue();
        await(last, "completed");
        JsonNode done = get("/api/v1/tasks/batches/" + batch);
        assertThat(done.path("counts").toString()).isEqualTo("""
                        {"pending":0,"running":0,"completed":2,"failed":0,"cancelled":1,"dead_letter":1}""");
        assertThat(done.path("status").stringValue()).isEqualTo("incomplete");
        assertThat(done.path("progress").doubleValue()).isEqualTo(1);
        JsonNode task = get("/api/v1/tasks/" + last);
        assertThat(task.path("attempts").intValue()).isEqualTo(1);
        assertThat(task.path("batch").stringValue()).isEqualTo(batch);
        JsonNode told = task.at("/input/batch");
        assertThat(told.path("size").intValue()).isEqualTo(4);
        assertThat(told.path("completed").intValue()).isEqualTo(2);
        assertThat(told.path("cancelled").intValue()).isEqualTo(1);
        assertThat(told.path("dead_letter").intValue()).isEqualTo(1);
        JsonNode members = get("/api/v1/tasks/batches/" + batch + "/tasks").path("items");
        assertThat(members.size()).isEqualTo(4);
        assertThat(members.at("/1/name").stringValue()).isEqualTo("b");
        assertThat(members.at("/1/task/after/0")).isEqualTo(members.at("/0/task/id"));
        assertThat(get("/api/v1/tasks/batches").at("/items/0/id").stringValue()).isEqualTo(batch);
        id(create(""));
        assertThat(get("/api/v1/tasks?batch=" + batch).path("items").size()).isEqualTo(5);
        assertThat(get("/api/v1/tasks?batch=" + batch + "&status=dead_letter")
                        .path("items")
                        .size())
                .isEqualTo(1);
        assertThat(get("/api/v1/tasks?batch=" + UUID.randomUUID()).path("items").isEmpty())
                .isTrue();
        assertThat(fault(api.get("/api/v1/tasks?batch=nightly", user))).isEqualTo("batch format");
    }

    @Test
    void aFinalTaskThatWaitsForMendingRunsWhenTheDeadLetterHasBeenMended() {
        Answer made = batch("""
                {"tasks": [{"type": "noop", "max_retries": 0, "input": {"fail_times": 1}}, {"type": "noop"}],
                 "final": {"type": "noop", "if_failed": "wait"}}""");
        String last = made.json().path("final").stringValue();
        String bad = get("/api/v1/tasks/batches/" + id(made) + "/tasks")
                .at("/items/0/task/id")
                .stringValue();
        await(bad, "dead_letter");
        assertThat(get("/api/v1/tasks/" + last).path("waiting_for").intValue()).isPositive();

        assertThat(api.post("/api/v1/dlq/" + bad + "/retry", user, "{}").status())
                .isEqualTo(200);

        await(last, "completed");
        assertThat(get("/api/v1/tasks/" + last).at("/input/batch/completed").intValue())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]|tasks|length|10000",
                "null|tasks|required|",
                "[{\"type\": \"noop\"}, null]|tasks[1]|type|object",
                "[{\"type\": \"noop\", \"after\": [null]}]|tasks[0].after[0]|required|",
                "[{\"name\": \"a\", \"type\": \"noop\", \"after\": [\"c\"]}, {\"name\": \"b\", \"type\": \"noop\","
                        + " \"after\": [\"a\"]}, {\"name\": \"c\", \"type\": \"noop\", \"after\": [\"b\"]},"
                        + " {\"name\": \"d\", \"type\": \"noop\", \"after\": [\"c\"]}]"
                        + "|tasks[0].after|cycle|a after c after b after a",
                "[{\"name\": \"a\", \"type\": \"noop\", \"after\": [\"a\"]}]|tasks[0].after|cycle|a after a",
                "[{\"type\": \"noop\", \"after\": [\"x\"]}]|tasks[0].after[0]|not_found|name of a task of this batch",
                "[{\"name\": \"a\", \"type\": \"noop\"}, {\"name\": \"a\", \"type\": \"noop\"}]"
                        + "|tasks[1].name|duplicate|tasks[0]",
                "[{\"type\": \"noop\"}, {\"type\": \"nope\"}]|tasks[1].type|unknown_type|noop",
                "[{\"type\": \"noop\"}, {\"type\": \"noop\", \"input\": {\"fail_times\": -1}}]"
                        + "|tasks[1].input.fail_times|range|1000",
                "[{\"type\": \"noop\", \"unique_key\": \"k\"}, {\"type\": \"noop\", \"unique_key\": \"k\"}]"
                        + "|tasks[1].unique_key|duplicate|differ"
            })
    void aBatchWithAFaultIsRefusedWholeWithFieldRuleAndWhatWouldPass(
            String tasks, String field, String rule, String message) {
        Answer refused = batch("{\"tasks\": " + tasks + "}");

        assertThat(fault(refused)).isEqualTo(field + " " + rule);
        assertThat(refused.json().at("/errors/0/message").stringValue()).contains(message == null ? "" : message);
        assertThat(get("/api/v1/tasks").path("items").isEmpty()).isTrue();
        assertThat(get("/api/v1/tasks/batches").path("items").isEmpty()).isTrue();
    }

    @Test
    void aUniqueKeyThatIsTakenRefusesTheWholeBatch() {
        String there = id(create(", \"unique_key\": \"k\", \"run_at\": \"2035-01-01T00:00:00Z\""));

        Answer refused = batch("""
                {"tasks": [{"type": "noop"}, {"type": "noop", "unique_key": "k"}]}""");

        assertThat(refused.status()).as("%s", refused).isEqualTo(409);
        assertThat(refused.json().at("/errors/0/field").stringValue()).isEqualTo("tasks[1].unique_key");
        assertThat(refused.json().at("/errors/0/message").stringValue()).contains(there);
        assertThat(get("/api/v1/tasks").path("items").size()).isEqualTo(1);
    }

    @Test
    void cancellingABatchCancelsAllThatHasNotEndedAndTheFinalTask() {
        Answer made = batch("""
                {"tasks": [
                  {"name": "done", "type": "noop"},
                  {"name": "runs", "type": "noop", "after": ["done"], "input": {"duration_ms": 60000}},
                  {"type": "noop", "after": ["runs"]},
                  {"type": "noop", "run_at": "2035-01-01T00:00:00Z"}],
                 "final": {"type": "noop"}}""");
        String batch = id(made);
        Eventually.until(
                "one runs",
                () -> get("/api/v1/tasks/batches/" + batch)
                                .at("/counts/running")
                                .intValue()
                        == 1);

        Answer cancelled = api.delete("/api/v1/tasks/batches/" + batch, user);

        assertThat(cancelled.status()).isEqualTo(200);
        assertThat(cancelled.json().path("cancelled").booleanValue()).isTrue();
        Eventually.until(
                "all have ended",
                () -> get("/api/v1/tasks/batches/" + batch)
                        .path("status")
                        .stringValue()
                        .equals("incomplete"));
        JsonNode counts = get("/api/v1/tasks/batches/" + batch).path("counts");
        assertThat(counts.path("completed").intValue()).isEqualTo(1);
        assertThat(counts.path("cancelled").intValue()).isEqualTo(3);
        await(made.json().path("final").stringValue(), "cancelled");
    }

    @Test
    void theSameBatchAgainIsAcceptedOnce() {
        String body = """
                {"tasks": [{"type": "noop"}], "final": {"type": "noop"}}""";
        Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());

        String first = id(api.send("POST", "/api/v1/tasks/batches", user, key, body));
        String again = id(api.send("POST", "/api/v1/tasks/batches", user, key, body));

        assertThat(again).isEqualTo(first);
        assertThat(get("/api/v1/tasks").path("items").size()).isEqualTo(2);
    }

    @Test
    void aBatchOfTheLargestSizeIsAcceptedAndRuns() {
        String tasks = IntStream.range(0, 10_000)
                .mapToObj(i -> "{\"name\":\"t" + i + "\",\"type\":\"noop\""
                        + (i >= 100 ? ",\"after\":[\"t" + (i - 100) + "\"]" : "") + "}")
                .collect(Collectors.joining(","));

        Answer made = batch("{\"tasks\":[" + tasks + "],\"final\":{\"type\":\"noop\"}}");

        Eventually.until(
                "all have ended",
                java.time.Duration.ofMinutes(2),
                () -> get("/api/v1/tasks/" + made.json().path("final").stringValue())
                        .path("status")
                        .stringValue()
                        .equals("completed"));
        JsonNode done = get("/api/v1/tasks/batches/" + id(made));
        assertThat(done.path("status").stringValue()).isEqualTo("completed");
        assertThat(done.at("/counts/completed").intValue()).isEqualTo(10_000);
    }
}
