package dev.steward.gateway;

import static dev.steward.gateway.DoorRig.EMBEDDER;
import static dev.steward.gateway.DoorRig.EMBEDDINGS;
import static dev.steward.gateway.DoorRig.MODEL;
import static dev.steward.gateway.DoorRig.PATIENT;
import static dev.steward.gateway.DoorRig.QUICK_RETRY;
import static dev.steward.gateway.DoorRig.plain;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.gateway.DoorRig.Caller;
import dev.steward.models.Backend;
import dev.steward.testing.ApiFixture;
import dev.steward.testing.ApiFixture.Answer;
import dev.steward.testing.Eventually;
import dev.steward.testing.FaultyModelServer;
import dev.steward.testing.ModelFault;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `POST /v1/embeddings` over its wire, with OpenAI-compatible servers behind it and with Ollamas.
@Timeout(120)
class EmbeddingsIT {

    @AutoClose
    private static final DoorRig openAi = DoorRig.start(PATIENT, QUICK_RETRY, 100_000);

    @AutoClose
    private static final DoorRig ollama = DoorRig.start(PATIENT, QUICK_RETRY, 100_000, Backend.Kind.OLLAMA);

    private static DoorRig rig(Backend.Kind kind) {
        return switch (kind) {
            case OLLAMA -> ollama;
            case OPENAI -> openAi;
        };
    }

    private static Stream<DoorRig> both() {
        return Stream.of(openAi, ollama);
    }

    @BeforeEach
    void heal() {
        both().forEach(rig -> {
            Eventually.until(
                    "nothing of the last test is left", () -> rig.first.inFlight() + rig.second.inFlight() == 0);
            rig.heal();
        });
    }

    private static Answer ask(DoorRig rig, String body) {
        return rig.api.post(EMBEDDINGS, rig.user, body);
    }

    private static String body(String model, String input, String more) {
        return "{\"model\":\"" + model + "\",\"input\":" + input + more + "}";
    }

    private static List<Float> numbers(Answer answer, int index) {
        return answer.json()
                .at("/data/" + index + "/embedding")
                .valueStream()
                .map(JsonNode::floatValue)
                .toList();
    }

    private static List<Float> decoded(Answer answer, int index) {
        String text = answer.json().at("/data/" + index + "/embedding").stringValue();
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text)).order(ByteOrder.LITTLE_ENDIAN);
        List<Float> vector = new ArrayList<>();
        while (bytes.hasRemaining()) {
            vector.add(bytes.getFloat());
        }
        return vector;
    }

    private static List<Float> vector(String text) {
        return FaultyModelServer.vector(text, 3);
    }

    @ParameterizedTest
    @EnumSource(Backend.Kind.class)
    void aTextBecomesAVectorOfNumbers(Backend.Kind kind) {
        DoorRig rig = rig(kind);
        Answer answer = ask(rig, body("first/" + EMBEDDER, "\"hello\"", ""));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.header("X-Steward-Model")).isEqualTo("first/" + EMBEDDER);
        assertThat(answer.json().path("object").stringValue()).isEqualTo("list");
        assertThat(answer.json().path("model").stringValue()).isEqualTo(EMBEDDER);
        assertThat(answer.json().path("data")).hasSize(1);
        assertThat(answer.json().at("/data/0/object").stringValue()).isEqualTo("embedding");
        assertThat(numbers(answer, 0)).isEqualTo(vector("hello"));
        assertThat(answer.json().at("/usage/prompt_tokens").intValue()).isEqualTo(3);
        assertThat(answer.json().at("/usage/total_tokens").intValue()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(Backend.Kind.class)
    void severalTextsBecomeAsManyVectorsInTheirOrder(Backend.Kind kind) {
        DoorRig rig = rig(kind);
        Answer answer = ask(rig, body(EMBEDDER, "[\"a\",\"bcd\",\"Zürich\"]", ",\"encoding_format\":\"base64\""));

        assertThat(answer.json().path("data")).hasSize(3);
        assertThat(decoded(answer, 0)).isEqualTo(vector("a"));
        assertThat(decoded(answer, 1)).isEqualTo(vector("bcd"));
        assertThat(decoded(answer, 2)).isEqualTo(vector("Zürich"));
        assertThat(answer.json().at("/data/2/index").intValue()).isEqualTo(2);
        assertThat(answer.json().at("/usage/prompt_tokens").intValue()).isEqualTo(9);
    }

    @ParameterizedTest
    @EnumSource(Backend.Kind.class)
    void theNumberOfDimensionsReachesTheBackend(Backend.Kind kind) {
        DoorRig rig = rig(kind);
        Answer answer = ask(rig, body(EMBEDDER, "\"hello\"", ",\"dimensions\":2"));

        assertThat(numbers(answer, 0)).isEqualTo(FaultyModelServer.vector("hello", 2));
    }

    @Test
    void aServerThatKnowsNoBase64IsTranslated() {
        openAi.first.vectorsAsNumbers(true);

        Answer answer = ask(openAi, body("first/" + EMBEDDER, "[\"a\",\"bcd\"]", ",\"encoding_format\":\"base64\""));

        assertThat(decoded(answer, 1)).isEqualTo(vector("bcd"));
        assertThat(answer.json().at("/usage/prompt_tokens").intValue()).isEqualTo(6);
    }

    @Test
    void everythingButTheModelsNameReachesAnOpenAiServerByteByByte() {
        String rest = ", \"input\" : [[1,2],[3]], \"user\":\"me\", \"x_unknown\": 1.0e3}";

        Answer answer = ask(openAi, "{\"model\":\"first/" + EMBEDDER + "\"" + rest);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.json().path("data")).hasSize(2);
        assertThat(openAi.first.bodies()).containsExactly("{\"model\":\"" + EMBEDDER + "\"" + rest);
    }

    @Test
    void ollamaIsToldToRefuseWhatDoesNotFitAndToMakeRoomForIt() {
        ask(ollama, body("first/" + EMBEDDER, "\"hello\"", ""));

        JsonNode asked = JsonMapper.shared().readTree(ollama.first.bodies().getFirst());
        assertThat(asked.path("model").stringValue()).isEqualTo(EMBEDDER);
        assertThat(asked.path("truncate").booleanValue()).isFalse();
        assertThat(asked.at("/options/num_ctx").intValue()).isEqualTo(8_192);
    }

    @Test
    void tokenNumbersAreNothingForOllama() {
        Answer answer = ask(ollama, body("first/" + EMBEDDER, "[1,2,3]", ""));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/message").stringValue()).contains("takes text as `input`");
        assertThat(ollama.first.requests()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{}",
                "{\"model\":\"mock-embed\"}",
                "{\"input\":\"a\"}",
                "{\"model\":null,\"input\":\"a\"}",
                "{\"model\":\"mock-embed\",\"input\":\"\"}",
                "{\"model\":\"mock-embed\",\"input\":[]}",
                "{\"model\":\"mock-embed\",\"input\":null}",
                "{\"model\":\"mock-embed\",\"input\":7}",
                "{\"model\":\"mock-embed\",\"input\":[\"a\",\"\"]}",
                "{\"model\":\"mock-embed\",\"input\":[\"a\",1]}",
                "{\"model\":\"mock-embed\",\"input\":[1,\"a\"]}",
                "{\"model\":\"mock-embed\",\"input\":[1.5]}",
                "{\"model\":\"mock-embed\",\"input\":[[]]}",
                "{\"model\":\"mock-embed\",\"input\":[[1,\"a\"]]}",
                "{\"model\":\"mock-embed\",\"input\":[{}]}",
                "{\"model\":\"mock-embed\",\"input\":\"a\",\"input\":\"b\"}",
                "{\"model\":\"mock-embed\",\"input\":\"a\",\"encoding_format\":\"int8\"}",
                "{\"model\":\"mock-embed\",\"input\":\"a\",\"dimensions\":0}",
                "{\"model\":\"mock-embed\",\"input\":\"a\",\"dimensions\":\"3\"}",
                "{\"model\":\"mock-embed\",\"input\":\"a\",\"dimensions\":99999999999999999999}",
                "{\"model\":\"mock-embed\",\"input\":\"a\"}garbage",
                "{\"model\":\"mock-embed\",\"input\":\"cut",
            })
    void aBodyThatIsNoRequestIsRefusedBeforeAnybodyIsAsked(String body) {
        Answer answer = ask(openAi, body);

        assertError(answer, 400, "invalid_request_error", "invalid_input");
        assertThat(openAi.first.requests() + openAi.second.requests()).isZero();
    }

    @Test
    void moreTextsThanAreTakenAtOnceAreRefusedWithTheirLimit() {
        String texts =
                Collections.nCopies(GatewayLimits.INPUTS_MAX + 1, "\"a\"").toString();

        Answer answer = ask(openAi, body(EMBEDDER, texts, ""));

        assertError(answer, 400, "invalid_request_error", "invalid_input");
        assertThat(answer.json().at("/error/message").stringValue()).contains("2048");
    }

    @ParameterizedTest
    @EnumSource(Backend.Kind.class)
    void asManyTextsAsAreTakenPass(Backend.Kind kind) {
        DoorRig rig = rig(kind);
        String texts = Collections.nCopies(GatewayLimits.INPUTS_MAX, "\"a\"").toString();

        Answer answer = ask(rig, body(EMBEDDER, texts, ",\"dimensions\":1024,\"encoding_format\":\"base64\""));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("data")).hasSize(GatewayLimits.INPUTS_MAX);
    }

    @Test
    void whoShowsNoGoodCredentialIsToldSo() {
        Answer answer =
                openAi.api.send("POST", EMBEDDINGS, ApiFixture.ANONYMOUS, Map.of(), body(EMBEDDER, "\"a\"", ""));

        assertError(answer, 401, "authentication_error", "invalid_api_key");
        assertThat(openAi.first.requests()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-model", "third/mock-embed", "default", "steward/alpha", "first/"})
    void aNameThatStandsForNoModelOfVectorsIs404(String model) {
        Answer answer = ask(openAi, body(model, "\"a\"", ""));

        assertError(answer, 404, "invalid_request_error", "model_not_found");
        assertThat(openAi.first.requests() + openAi.second.requests()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Backend.Kind.class)
    void aModelOfVectorsIsNeverPickedToChatAndSaysSoWhenNamed(Backend.Kind kind) {
        DoorRig rig = rig(kind);
        Answer answer = rig.ask(plain("first/" + EMBEDDER, "hi"));

        assertError(answer, 400, "invalid_request_error", "invalid_input");
        assertThat(answer.json().at("/error/message").stringValue()).contains("can't chat", "/v1/embeddings");
        assertThat(rig.ask(plain("default", "hi")).header("X-Steward-Model")).isEqualTo("first/" + MODEL);
    }

    @ParameterizedTest
    @EnumSource(Backend.Kind.class)
    void theSameModelOfAnotherBackendStandsIn(Backend.Kind kind) {
        DoorRig rig = rig(kind);
        rig.first.fault(ModelFault.STATUS_500);

        Answer answer = ask(rig, body(EMBEDDER, "\"hello\"", ""));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("X-Steward-Model")).isEqualTo("second/" + EMBEDDER);
        assertThat(answer.header("X-Steward-Failover")).contains("by second because first failed with status 500");
    }

    @ParameterizedTest
    @EnumSource(
            value = ModelFault.class,
            names = {
                "STATUS_500",
                "STATUS_503",
                "REFUSE_CONNECTIONS",
                "RESET",
                "FIN_BEFORE_HEADERS",
                "HALF_JSON",
                "CUT_IN_UTF8",
                "GARBAGE",
                "GARBAGE_BODY",
                "WRONG_CONTENT_TYPE",
                "ERROR_AT_ONCE",
                "GIGANTIC_TOKEN",
                "NO_NEWLINE",
                "REDIRECT",
                "GZIP"
            })
    void whateverABackendDoesTheClientHearsAnErrorOfTheApiOrAWholeAnswer(ModelFault fault) {
        for (DoorRig rig : both().toList()) {
            rig.first.fault(fault);

            Answer answer = ask(rig, body("first/" + EMBEDDER, "\"hello\"", ""));

            assertThat(answer.status()).as(answer.toString()).isIn(400, 502, 503);
            assertThat(answer.json().at("/error/message").stringValue())
                    .startsWith("first ")
                    .doesNotContain("Exception");
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.Kind.class)
    void aClientThatHangsUpEndsTheCallAtTheBackend(Backend.Kind kind) {
        DoorRig rig = rig(kind);
        rig.first.fault(ModelFault.HANG_BEFORE_HEADERS);
        List<Caller> callers = Stream.of("a", "b", "c")
                .map(text -> rig.call(EMBEDDINGS, body("first/" + EMBEDDER, "\"" + text + "\"", "")))
                .toList();
        Eventually.until("all are asked", () -> rig.first.inFlight() == 3);

        callers.forEach(Caller::close);

        Eventually.until("all are cancelled", () -> rig.first.cancelled() == 3);
        Eventually.until("nobody waits", () -> rig.plainCalls().waiting() == 0);
    }

    @Test
    void theListOfModelsTellsThemApart() {
        assertThat(names("")).containsExactly("first/" + MODEL, "second/" + MODEL);
        assertThat(names("?purpose=chat")).containsExactly("first/" + MODEL, "second/" + MODEL);
        assertThat(names("?purpose=embedding")).containsExactly("first/" + EMBEDDER, "second/" + EMBEDDER);
        assertThat(openAi.api.get("/api/v1/models?purpose=paint", openAi.user).status())
                .isEqualTo(422);
    }

    private static List<String> names(String query) {
        return openAi.api
                .get("/api/v1/models" + query, openAi.user)
                .json()
                .path("items")
                .valueStream()
                .map(model -> model.path("name").stringValue())
                .toList();
    }

    private static void assertError(Answer answer, int status, String type, String code) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        JsonNode error = answer.json().path("error");
        assertThat(error.path("message").stringValue()).isNotBlank().doesNotContain("Exception");
        assertThat(error.path("type").stringValue()).isEqualTo(type);
        assertThat(error.path("code").stringValue()).isEqualTo(code);
    }
}
