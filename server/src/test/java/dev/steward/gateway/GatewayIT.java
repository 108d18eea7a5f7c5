package dev.steward.gateway;

import static dev.steward.gateway.DoorRig.CHAT;
import static dev.steward.gateway.DoorRig.EMBEDDER;
import static dev.steward.gateway.DoorRig.EMBEDDINGS;
import static dev.steward.gateway.DoorRig.MODEL;
import static dev.steward.gateway.DoorRig.PATIENT;
import static dev.steward.gateway.DoorRig.QUICK_RETRY;
import static dev.steward.gateway.DoorRig.content;
import static dev.steward.gateway.DoorRig.events;
import static dev.steward.gateway.DoorRig.lastEvent;
import static dev.steward.gateway.DoorRig.plain;
import static dev.steward.gateway.DoorRig.said;
import static dev.steward.gateway.DoorRig.stream;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Role;
import dev.steward.gateway.DoorRig.Caller;
import dev.steward.models.ModelGateway;
import dev.steward.testing.ApiFixture;
import dev.steward.testing.ApiFixture.Answer;
import dev.steward.testing.ApiFixture.TestUser;
import dev.steward.testing.Eventually;
import dev.steward.testing.ModelFault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The OpenAI-compatible door over its wire, with two model servers behind it.
@Timeout(120)
class GatewayIT {

    private static final int CALLERS = 8;

    @AutoClose
    private static final DoorRig rig = DoorRig.start(PATIENT, QUICK_RETRY, 100_000);

    private final ApiFixture api = rig.api;

    @BeforeEach
    void heal() {
        Eventually.until("nothing of the last test is left", () -> rig.first.inFlight() + rig.second.inFlight() == 0);
        rig.heal();
    }

    // ------------------------------------------------------------------------------------------- who may

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer ", "Bearer stw_wrong", "Bearer a.b.c", "Basic dTpw", "nonsense"})
    void whoShowsNoGoodCredentialIsToldSoInTheApisOwnShape(String authorization) {
        Map<String, String> headers = authorization.isEmpty() ? Map.of() : Map.of("Authorization", authorization);

        for (Answer answer : List.of(
                api.send("POST", CHAT, ApiFixture.ANONYMOUS, headers, plain(MODEL, "hi")),
                api.send("GET", "/v1/models", ApiFixture.ANONYMOUS, headers, null))) {
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
            assertError(answer, "authentication_error", "invalid_api_key");
        }
        assertThat(rig.first.requests() + rig.second.requests()).isZero();
    }

    @Test
    void aBrowsersCookieOpensNothingHere() {
        Map<String, String> cookies =
                Map.of("Cookie", "__Host-access=" + rig.user.token() + "; access=" + rig.user.token());

        Answer answer = api.send("POST", CHAT, ApiFixture.ANONYMOUS, cookies, plain(MODEL, "hi"));

        assertThat(answer.status()).isEqualTo(401);
    }

    @Test
    void anApiKeyWorksUntilItIsDeletedAndNotAMomentLonger() {
        JsonNode made = key("""
                {"name": "client", "scopes": ["READ", "CHAT"]}""");
        TestUser program = rig.user.with(made.path("key").stringValue());
        assertThat(api.post(CHAT, program, plain(MODEL, "hi")).status()).isEqualTo(200);

        api.delete("/api/v1/api-keys/" + made.path("id").stringValue(), rig.user);

        Answer answer = api.post(CHAT, program, plain(MODEL, "hi"));
        assertThat(answer.status()).isEqualTo(401);
        assertError(answer, "authentication_error", "invalid_api_key");
    }

    @Test
    void anApiKeyWhoseTimeIsOverIsRefused() {
        JsonNode made = key("""
                {"name": "client", "scopes": ["CHAT"]}""");
        api.postgres()
                .jdbc()
                .sql("update api_key set expires = now() - interval '1 second' where id = :id::uuid")
                .param("id", made.path("id").stringValue())
                .update();

        Answer answer = api.post(CHAT, rig.user.with(made.path("key").stringValue()), plain(MODEL, "hi"));

        assertThat(answer.status()).isEqualTo(401);
        assertError(answer, "authentication_error", "invalid_api_key");
    }

    @Test
    void aKeyThatMayOnlyReadListsModelsButAsksNone() {
        TestUser program = rig.user.with(key("""
                {"name": "client", "scopes": ["READ"]}""").path("key").stringValue());

        assertThat(api.get("/v1/models", program).status()).isEqualTo(200);
        Answer answer = api.post(CHAT, program, plain(MODEL, "hi"));

        assertThat(answer.status()).isEqualTo(403);
        assertError(answer, "permission_error", "unauthorized");
        assertThat(rig.first.requests()).isZero();
    }

    private JsonNode key(String body) {
        Answer answer = api.post("/api/v1/api-keys", rig.user, body);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.json();
    }

    // -------------------------------------------------------------------------------------- what is asked

    @Test
    void theListHasEveryAgentAndEveryModelThatIsServed() {
        Answer answer = api.get("/v1/models", rig.user);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("object").stringValue()).isEqualTo("list");
        assertThat(answer.json()
                        .path("data")
                        .valueStream()
                        .map(one -> one.path("id").stringValue()))
                .contains("steward/alpha", "steward/eta", "first/" + MODEL, "second/" + MODEL)
                .contains("first/" + DoorRig.EMBEDDER, "second/" + DoorRig.EMBEDDER)
                .hasSize(11);
        assertThat(answer.json().path("data").valueStream())
                .allSatisfy(one -> assertThat(one.path("object").stringValue()).isEqualTo("model"));
    }

    @Test
    void aPlainAnswerIsTheBackendsOwnBytes() {
        Answer answer = rig.ask(plain("first/" + MODEL, "hi"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.header("X-Steward-Model")).isEqualTo("first/" + MODEL);
        assertThat(content(answer)).isEqualTo(rig.first.answerText());
        assertThat(answer.json().path("id").stringValue()).isEqualTo("chatcmpl-mock0001");
        assertThat(answer.json().at("/usage/total_tokens").intValue()).isEqualTo(32);
    }

    @Test
    void aStreamHasEveryTokenInOrderAndEndsWithItsMark() {
        Answer answer = rig.ask(stream("first/" + MODEL, "hi"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("text/event-stream");
        assertThat(answer.header("X-Steward-Model")).isEqualTo("first/" + MODEL);
        assertThat(said(answer)).isEqualTo(rig.first.answerText());
        assertThat(events(answer).getLast()).isEqualTo("[DONE]");
    }

    @Test
    void aStreamTellsItsUsageIfTheClientAskedForIt() {
        String body = "{\"model\":\"first/" + MODEL + "\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

        List<String> events = events(rig.ask(body));

        assertThat(events.get(events.size() - 2)).contains("\"completion_tokens\":8");
    }

    @Test
    void everythingButTheModelsNameReachesTheBackendByteByByte() {
        String rest = ", \"tools\" : [{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"strict\":true,"
                + "\"parameters\":{\"type\":\"object\",\"properties\":{\"place\":{\"type\":\"string\"}}}}}],"
                + "\"tool_choice\":\"auto\",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\","
                + "\"schema\":{\"type\":\"object\",\"additionalProperties\":false}}},\"seed\":7,  \"x_unknown\": 1.0e3,"
                + "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Zürich \\u00e9\"}]},"
                + "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"1\",\"type\":\"function\",\"function\":"
                + "{\"name\":\"weather\",\"arguments\":\"{}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"1\","
                + "\"content\":\"rain\"}]}";

        assertThat(rig.ask("{\"model\":\"first/" + MODEL + "\"" + rest).status())
                .isEqualTo(200);

        assertThat(rig.first.bodies()).containsExactly("{\"model\":\"" + MODEL + "\"" + rest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-model", "third/mock-model", "steward/omega", "first/", "/", "first/no-such"})
    void aModelThatNobodyServesIs404(String model) {
        Answer answer = rig.ask(plain(model, "hi"));

        assertThat(answer.status()).isEqualTo(404);
        assertError(answer, "invalid_request_error", "model_not_found");
        assertThat(rig.first.requests() + rig.second.requests()).isZero();
    }

    @Test
    void anAgentAnswersWithItsPersonaInFrontOfWhatWasSaid() {
        Answer answer = rig.ask(plain("steward/alpha", "Who are you?"));

        assertThat(answer.status()).isEqualTo(200);
        JsonNode asked = answer.mapper().readTree(rig.first.bodies().getFirst());
        assertThat(asked.path("model").stringValue()).isEqualTo(MODEL);
        assertThat(asked.at("/messages/0/role").stringValue()).isEqualTo("system");
        assertThat(asked.at("/messages/0/content").stringValue()).contains("Alpha");
        assertThat(asked.at("/messages/1/content").stringValue()).isEqualTo("Who are you?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "steward/alpha",
                "steward/beta",
                "steward/gamma",
                "steward/delta",
                "steward/epsilon",
                "steward/zeta",
                "steward/eta",
                "default"
            })
    void everyAgentAndTheDefaultCanBeStreamed(String model) {
        Answer answer = rig.ask(stream(model, "hi"));

        assertThat(said(answer)).isEqualTo(rig.first.answerText());
        assertThat(events(answer).getLast()).isEqualTo("[DONE]");
    }

    // -------------------------------------------------------------------------------------- what is refused

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "\"text\"",
                "{",
                "{}",
                "{\"model\":\"mock-model\"}",
                "{\"model\":\"mock-model\",\"messages\":[]}",
                "{\"model\":\"mock-model\",\"messages\":\"hi\"}",
                "{\"model\":null,\"messages\":[{}]}",
                "{\"model\":\"mock-model\",\"model\":\"other\",\"messages\":[{}]}",
                "{\"model\":\"mock-model\",\"messages\":[{}],\"stream\":\"true\"}",
                "{\"model\":\"mock-model\",\"messages\":[{}]}garbage",
                "{\"model\":\"mock-model\",\"messages\":[{\"role\":\"user\",\"content\":\"cut",
                "{'model':'mock-model','messages':[{}]}",
            })
    void aBodyThatIsNoRequestIsRefusedBeforeAnybodyIsAsked(String body) {
        Answer answer = rig.ask(body);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        assertError(answer, "invalid_request_error", "invalid_input");
        assertThat(rig.first.requests() + rig.second.requests()).isZero();
    }

    @Test
    void aBodyThatIsNotUtf8IsRefused() {
        byte[] body = plain(MODEL, "hi#").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < body.length; i++) {
            body[i] = body[i] == '#' ? (byte) 0xFF : body[i];
        }

        Answer answer = api.sendBytes("POST", CHAT, rig.user, Map.of(), body);

        assertThat(answer.status()).isEqualTo(400);
        assertError(answer, "invalid_request_error", "invalid_input");
        assertThat(rig.first.requests() + rig.second.requests()).isZero();
    }

    @Test
    void aBodyOfEndlessDepthIsRefused() {
        String deep = "{\"model\":\"" + MODEL + "\",\"messages\":" + "[".repeat(50_000) + "]".repeat(50_000) + "}";

        Answer answer = rig.ask(deep);

        assertThat(answer.status()).isEqualTo(400);
        assertError(answer, "invalid_request_error", "invalid_input");
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedByItsLengthAlone() throws Exception {
        try (Caller caller = new Caller(api.uri(CHAT), rig.user, "{", GatewayLimits.BODY_BYTES_MAX + 1)) {
            String answer = caller.readUntil("}}");

            assertThat(answer).startsWith("HTTP/1.1 413").contains("invalid_request_error");
        }
    }

    @Test
    void aLargeBodyPassesWhole() {
        String text = "word ".repeat(1_000_000);

        assertThat(rig.ask(plain("first/" + MODEL, text)).status()).isEqualTo(200);

        assertThat(rig.first.bodies().getFirst()).isEqualTo(plain(MODEL, text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/completions", "/v1/chat", "/v1/", "/v1/chat/completions/x"})
    void whatIsNotServedIs404InTheApisOwnShape(String path) {
        Answer answer = api.post(path, rig.user, "{}");

        assertThat(answer.status()).isEqualTo(404);
        assertError(answer, "invalid_request_error", "not_found");
    }

    @Test
    void oneModelCanBeLookedUp() {
        Answer known = api.get("/v1/models/first/" + MODEL, rig.user);
        Answer encoded = api.get("/v1/models/first%2F" + MODEL, rig.user);
        Answer unknown = api.get("/v1/models/none/such", rig.user);

        assertThat(known.json().path("owned_by").stringValue()).isEqualTo("first");
        assertThat(encoded.body()).isEqualTo(known.body());
        assertThat(unknown.status()).isEqualTo(404);
        assertError(unknown, "invalid_request_error", "model_not_found");
    }

    @Test
    void anotherMethodIs405InTheApisOwnShape() {
        Answer answer = api.get(CHAT, rig.user);

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).contains("POST");
        assertError(answer, "invalid_request_error", "invalid_input");
    }

    @Test
    void whoComesTooOftenIsToldWhenToComeAgain() {
        try (DoorRig strict = DoorRig.start(PATIENT, QUICK_RETRY, 1)) {
            List<Answer> answers = IntStream.range(0, 4)
                    .mapToObj(i -> strict.ask(plain("first/" + MODEL, "hi " + i)))
                    .toList();

            Answer refused = answers.getLast();
            assertThat(answers.getFirst().status()).isEqualTo(200);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 2);
            assertError(refused, "rate_limit_error", "rate_limit_exceeded");
            assertThat(strict.api.get("/v1/models", strict.user).status()).isEqualTo(200);
        }
    }

    // ------------------------------------------------------------------------------ together, and going away

    @Test
    void thirtyTwoIdenticalRequestsAtOnceReachTheBackendOnce() throws Exception {
        CountDownLatch held = rig.first.hold();
        List<Answer> answers = together(32, _ -> rig.ask(plain("first/" + MODEL, "the same")), () -> {
            Eventually.until("all wait", () -> rig.plainCalls().waiting() == 32);
            held.countDown();
        });

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(content(answer)).isEqualTo(rig.first.answerText());
        });
        assertThat(rig.first.requests()).isEqualTo(1);
        assertThat(rig.plainCalls().waiting()).isZero();
    }

    @Test
    void thirtyTwoIdenticalRequestsShareAFailureToo() throws Exception {
        CountDownLatch held = rig.first.fault(ModelFault.STATUS_400).hold();
        List<Answer> answers = together(32, _ -> rig.ask(plain("first/" + MODEL, "the same")), () -> {
            Eventually.until("all wait", () -> rig.plainCalls().waiting() == 32);
            held.countDown();
        });

        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(400));
        assertThat(rig.first.requests()).isEqualTo(1);
    }

    @Test
    void twoPeopleNeverShareAnAnswer() throws Exception {
        TestUser other = api.user(Role.USER);
        CountDownLatch held = rig.first.hold();
        together(2, i -> api.post(CHAT, i == 0 ? rig.user : other, plain("first/" + MODEL, "the same")), () -> {
            Eventually.until("both have reached the backend", () -> rig.first.inFlight() == 2);
            held.countDown();
        });

        assertThat(rig.first.requests()).isEqualTo(2);
    }

    @Test
    void aClientThatHangsUpEndsThePlainCallAtTheBackendEightOfEight() throws Exception {
        keepConnections();
        rig.first.fault(ModelFault.HANG_BEFORE_HEADERS);
        List<Caller> callers = rig.calls(IntStream.range(0, CALLERS).mapToObj(i -> plain("first/" + MODEL, "hi " + i)));
        Eventually.until("all are asked", () -> rig.first.inFlight() == CALLERS);

        callers.forEach(Caller::close);

        Eventually.until("all are cancelled", () -> rig.first.cancelled() == CALLERS);
        assertThat(rig.first.requests()).isEqualTo(CALLERS);
        Eventually.until("nobody waits", () -> rig.plainCalls().waiting() == 0);
    }

    /// Leaves a kept connection to the backend for each caller: on such a one a broken call could be sent again.
    private static void keepConnections() throws Exception {
        CountDownLatch held = rig.first.hold();
        together(CALLERS, i -> rig.ask(plain("first/" + MODEL, "keep " + i)), () -> {
            Eventually.until("all are asked", () -> rig.first.inFlight() == CALLERS);
            held.countDown();
        });
        rig.first.reset();
    }

    @Test
    void aSharedCallEndsOnlyWhenTheLastOneHangsUp() {
        rig.first.fault(ModelFault.HANG_BEFORE_HEADERS);
        List<Caller> callers = rig.calls(IntStream.range(0, 3).mapToObj(_ -> plain("first/" + MODEL, "the same")));
        Eventually.until("all wait", () -> rig.plainCalls().waiting() == 3);
        Eventually.until("it is asked", () -> rig.first.inFlight() == 1);

        callers.get(0).close();
        callers.get(1).close();
        Eventually.until("two are gone", () -> rig.plainCalls().waiting() == 1);
        assertThat(rig.first.inFlight()).isEqualTo(1);
        assertThat(rig.first.cancelled()).isZero();
        callers.get(2).close();

        Eventually.until("it is cancelled", () -> rig.first.cancelled() == 1);
        assertThat(rig.first.requests()).isEqualTo(1);
    }

    @Test
    void aClientThatHangsUpBeforeTheFirstTokenEndsItsStreamAtTheBackendEightOfEight() {
        rig.first.fault(ModelFault.HANG_BEFORE_FIRST_TOKEN);
        List<Caller> callers =
                rig.calls(IntStream.range(0, CALLERS).mapToObj(i -> stream("first/" + MODEL, "hi " + i)));
        Eventually.until("all are asked", () -> rig.first.inFlight() == CALLERS);

        callers.forEach(Caller::close);

        Eventually.until("all are cancelled", () -> rig.first.cancelled() == CALLERS);
    }

    @Test
    void aClientThatHangsUpInTheMiddleEndsItsStreamAtTheBackendEightOfEight() throws Exception {
        rig.first.fault(ModelFault.HANG_BETWEEN_TOKENS);
        List<Caller> callers =
                rig.calls(IntStream.range(0, CALLERS).mapToObj(i -> stream("first/" + MODEL, "hi " + i)));
        for (Caller caller : callers) {
            caller.readUntil("data: ");
        }

        callers.forEach(Caller::close);

        Eventually.until("all are cancelled", () -> rig.first.cancelled() == CALLERS);
    }

    // ------------------------------------------------------------------------------------------- bad days

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anotherBackendAnswersAndTheClientIsToldByAHeader(boolean stream) {
        rig.first.fault(ModelFault.STATUS_500);

        Answer answer = rig.ask(stream ? stream(MODEL, "hi") : plain(MODEL, "hi"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(stream ? said(answer) : content(answer)).isEqualTo(rig.second.answerText());
        assertThat(answer.header("X-Steward-Model")).isEqualTo("second/" + MODEL);
        assertThat(answer.header("X-Steward-Failover")).contains("by second because first failed with status 500");
        assertThat(rig.second.requests()).isEqualTo(1);
    }

    @Test
    void aStreamThatIsCutGoesOnAtTheOtherBackendAsOneAnswer() {
        rig.first.fault(ModelFault.HALF_STREAM);

        Answer answer = rig.ask(stream(MODEL, "hi"));

        assertThat(said(answer)).isEqualTo(rig.second.answerText());
        assertThat(events(answer).getLast()).isEqualTo("[DONE]");
        assertThat(events(answer).stream().filter(data -> data.equals("[DONE]")))
                .hasSize(1);
    }

    @Test
    void aStreamThatIsCutAndCanNotGoOnEndsInAnErrorAndNeverInItsMark() {
        rig.first.fault(ModelFault.HALF_STREAM);

        Answer answer = rig.ask(stream("first/" + MODEL, "hi"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).doesNotContain("[DONE]");
        JsonNode error = lastEvent(answer).path("error");
        assertThat(error.path("message").stringValue()).contains("not the whole answer");
        assertThat(error.path("type").stringValue()).isEqualTo("server_error");
        assertThat(rig.first.answerText()).startsWith(said(answer)).isNotEqualTo(said(answer));
    }

    @Test
    void aBackendThatIsDownIsLeftAloneAndEverybodyHearsSoAtOnce() throws Exception {
        rig.first.fault(ModelFault.STATUS_503);

        List<Answer> answers = new ArrayList<>();
        for (int round = 0; round < 15; round++) {
            int base = round * 4;
            answers.addAll(together(4, i -> rig.ask(plain("first/" + MODEL, "hi " + (base + i))), () -> {}));
        }

        assertThat(answers).hasSize(60).allSatisfy(answer -> {
            assertThat(answer.status()).isIn(502, 503);
            assertThat(answer.json().at("/error/type").stringValue()).isEqualTo("server_error");
            assertThat(answer.json().at("/error/message").stringValue()).startsWith("first ");
        });
        assertThat(rig.first.requests()).isLessThanOrEqualTo(10);
        Answer late = rig.ask(plain("first/" + MODEL, "one more"));
        assertThat(late.status()).isEqualTo(503);
        assertThat(Integer.parseInt(late.header("Retry-After"))).isBetween(1, 60);
        assertThat(rig.first.requests()).isLessThanOrEqualTo(10);
    }

    @Test
    void aBackendThatIsDownDoesNotKeepTheOtherFromAnswering() {
        rig.first.fault(ModelFault.REFUSE_CONNECTIONS);

        for (int i = 0; i < 20; i++) {
            assertThat(rig.ask(plain(MODEL, "hi " + i)).status()).isEqualTo(200);
        }

        assertThat(rig.second.requests()).isEqualTo(20);
    }

    /// A client that is told "no such model" gives up; one that is told "not now" tries again.
    @Test
    void aModelWhoseBackendsAreAwayIsNotTakenForOneThatNeverWas() {
        rig.first.fault(ModelFault.REFUSE_CONNECTIONS);
        rig.second.fault(ModelFault.REFUSE_CONNECTIONS);
        rig.look();
        assertThat(rig.api.bean(ModelGateway.class).served()).isEmpty();

        for (Answer answer : List.of(
                rig.ask(plain(MODEL, "hi")),
                rig.ask(plain("second/" + MODEL, "hi")),
                rig.ask(stream(MODEL, "hi")),
                rig.api.post(EMBEDDINGS, rig.user, "{\"model\":\"" + EMBEDDER + "\",\"input\":\"hi\"}"),
                rig.api.post(EMBEDDINGS, rig.user, "{\"model\":\"" + MODEL + "\",\"input\":\"hi\"}"))) {
            assertThat(answer.status()).isIn(502, 503);
            assertThat(answer.json().at("/error/message").stringValue()).containsAnyOf("first ", "second ");
        }
        for (String embedder : List.of(EMBEDDER, "first/" + EMBEDDER)) {
            Answer refused = rig.ask(plain(embedder, "hi"));
            assertThat(refused.status()).isEqualTo(400);
            assertError(refused, "invalid_request_error", "invalid_input");
            assertThat(refused.json().at("/error/message").stringValue()).contains("embedding model", "can't chat");
        }
        assertThat(rig.ask(plain("no-such-model", "hi")).status()).isEqualTo(404);
        assertThat(rig.ask(plain("first/no-such-model", "hi")).status()).isEqualTo(404);

        rig.first.fault(ModelFault.NONE);
        rig.second.fault(ModelFault.NONE);
        rig.look();
        assertThat(rig.api.bean(ModelGateway.class).away()).isEmpty();
    }

    @Test
    void aBackendsOwnRateLimitIsPassedOnWithItsTime() {
        rig.first.fault(ModelFault.RATE_LIMITED_SECONDS);

        Answer answer = rig.ask(plain("first/" + MODEL, "hi"));

        assertThat(answer.status()).isEqualTo(429);
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 2);
        assertError(answer, "rate_limit_error", "rate_limit_exceeded");
    }

    // --------------------------------------------------------------------------------------------------

    /// What a caller of several does.
    private interface Asking {
        Answer ask(int index) throws Exception;
    }

    /// Asks from `count` threads at once, runs `meanwhile`, and returns what was answered.
    private static List<Answer> together(int count, Asking asking, Runnable meanwhile) throws Exception {
        List<Answer> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> futures = IntStream.range(0, count)
                    .mapToObj(i -> threads.submit((Callable<Answer>) () -> asking.ask(i)))
                    .toList();
            meanwhile.run();
            for (Future<Answer> future : futures) {
                answers.add(future.get());
            }
        }
        return answers;
    }

    private static void assertError(Answer answer, String type, String code) {
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        JsonNode error = answer.json().path("error");
        assertThat(error.path("message").stringValue()).isNotBlank().doesNotContain("Exception");
        assertThat(error.path("type").stringValue()).isEqualTo(type);
        assertThat(error.path("code").stringValue()).isEqualTo(code);
        assertThat(error.has("param")).isTrue();
    }
}
