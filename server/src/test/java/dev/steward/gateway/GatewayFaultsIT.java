package dev.steward.gateway;

import static dev.steward.gateway.DoorRig.MODEL;
import static dev.steward.gateway.DoorRig.NO_RETRY;
import static dev.steward.gateway.DoorRig.content;
import static dev.steward.gateway.DoorRig.events;
import static dev.steward.gateway.DoorRig.lastEvent;
import static dev.steward.gateway.DoorRig.plain;
import static dev.steward.gateway.DoorRig.said;
import static dev.steward.gateway.DoorRig.stream;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.models.ModelsSettings;
import dev.steward.testing.ApiFixture.Answer;
import dev.steward.testing.Eventually;
import dev.steward.testing.ModelFault;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Every fault of a model server, as a client of the OpenAI API sees it: an error in that API's shape, or, once the
/// answer has begun, an error inside the stream; never half an answer shown as whole.
@Timeout(120)
class GatewayFaultsIT {

    /// Not faults after all: the answer is whole.
    private static final Set<ModelFault> HARMLESS = EnumSet.of(
            ModelFault.NONE,
            ModelFault.KEEP_ALIVE_CLOSED,
            ModelFault.USAGE_MISSING,
            ModelFault.DONE_MISSING,
            ModelFault.DUPLICATE_CHUNKS);

    private static final ModelsSettings.Timeouts SHORT = new ModelsSettings.Timeouts(
            Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(3));

    @AutoClose
    private static final DoorRig hurried = DoorRig.start(SHORT, NO_RETRY, 100_000);

    @AutoClose
    private static final DoorRig patient = DoorRig.start(DoorRig.PATIENT, NO_RETRY, 100_000);

    static Stream<Arguments> faultsAndWays() {
        return Arrays.stream(ModelFault.values())
                .filter(fault -> !HARMLESS.contains(fault) && fault != ModelFault.STREAM_OPTIONS_REFUSED)
                .flatMap(fault -> Stream.of(Arguments.of(fault, false), Arguments.of(fault, true)));
    }

    @ParameterizedTest(name = "{0}, streamed: {1}")
    @MethodSource("faultsAndWays")
    void aFaultIsAnErrorOfThatApi(ModelFault fault, boolean streamed) {
        DoorRig rig = status(fault) == 504 ? hurried : patient;
        rig.heal();
        rig.first.dripInterval(Duration.ofMillis(30)).fault(fault);

        Answer answer = rig.ask(streamed ? stream("first/" + MODEL, "hi") : plain("first/" + MODEL, "hi"));

        assertThat(answer.body()).doesNotContain("[DONE]");
        JsonNode error;
        if (streamed && answer.status() == 200) {
            error = lastEvent(answer).path("error");
            if (fault != ModelFault.NEVER_ENDING) {
                assertThat(rig.first.answerText()).startsWith(said(answer));
            }
        } else {
            assertThat(answer.status()).as(answer.toString()).isEqualTo(status(fault));
            assertThat(answer.header("Content-Type")).startsWith("application/json");
            error = answer.json().path("error");
        }
        assertThat(error.path("message").stringValue()).startsWith("first ").doesNotContain("Exception");
        assertThat(error.path("type").stringValue()).isEqualTo(type(fault));
        Eventually.until(
                "nothing is left at the backend", () -> rig.first.inFlight() == 0 && rig.second.requests() == 0);
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(ModelFault.class)
    void whatIsNoFaultIsAWholeAnswer(ModelFault oddity) {
        if (!HARMLESS.contains(oddity)) {
            return;
        }
        patient.heal();
        patient.first.fault(oddity);

        for (int i = 0; i < 3; i++) {
            assertThat(content(patient.ask(plain("first/" + MODEL, "hi")))).isEqualTo(patient.first.answerText());
            Answer answer = patient.ask(stream("first/" + MODEL, "hi"));
            assertThat(events(answer).getLast()).isEqualTo("[DONE]");
            if (oddity != ModelFault.DUPLICATE_CHUNKS) {
                assertThat(said(answer)).isEqualTo(patient.first.answerText());
            }
        }
    }

    private static int status(ModelFault fault) {
        return switch (fault) {
            case MODEL_ABSENT -> 404;
            case STATUS_400 -> 400;
            case STATUS_401 -> 503;
            case RATE_LIMITED, RATE_LIMITED_SECONDS, RATE_LIMITED_DATE, RATE_LIMITED_GARBAGE -> 429;
            case HANG_BEFORE_HEADERS, HANG_BEFORE_FIRST_TOKEN, HANG_BETWEEN_TOKENS, SLOW_DRIP, SLOW_DRIP_OF_HEADERS ->
                504;
            case REFUSE_CONNECTIONS,
                    STATUS_500,
                    STATUS_502,
                    STATUS_503,
                    HALF_JSON,
                    HALF_STREAM,
                    CUT_IN_UTF8,
                    NO_END_MARK,
                    GARBAGE,
                    GARBAGE_BODY,
                    WRONG_CONTENT_TYPE,
                    ERROR_AT_ONCE,
                    ERROR_IN_STREAM,
                    RESET,
                    RESET_HALF_WAY,
                    FIN_BEFORE_HEADERS,
                    FIN_BEFORE_BODY,
                    GIGANTIC_TOKEN,
                    NO_NEWLINE,
                    NEVER_ENDING,
                    REDIRECT,
                    GZIP -> 502;
            case NONE, KEEP_ALIVE_CLOSED, USAGE_MISSING, DONE_MISSING, DUPLICATE_CHUNKS, STREAM_OPTIONS_REFUSED ->
                throw new IllegalArgumentException("no fault: " + fault);
        };
    }

    private static String type(ModelFault fault) {
        return switch (status(fault)) {
            case 400, 404 -> "invalid_request_error";
            case 429 -> "rate_limit_error";
            default -> "server_error";
        };
    }
}
