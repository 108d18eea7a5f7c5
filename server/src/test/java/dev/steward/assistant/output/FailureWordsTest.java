package dev.steward.assistant.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.assistant.output.FailureWords.Told;
import dev.steward.base.ErrorCode;
import dev.steward.models.ModelException;
import dev.steward.models.ModelException.Kind;
import dev.steward.web.Problem;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class FailureWordsTest {

    private static final String LATER = "regenerate the answer later";

    @ParameterizedTest
    @EnumSource(ModelException.Kind.class)
    void everyFailureSaysWhatHappenedThatWorkIsSafeAndWhatToDo(ModelException.Kind kind) {
        var failure = new ModelException(kind, ErrorCode.NETWORK_ERROR, "java.net.SocketException: x", null, null);

        String nothingSaid = FailureWords.failed(failure, false).detail();
        String partSaid = FailureWords.failed(failure, true).detail();

        assertThat(nothingSaid)
                .startsWith(FailureWords.whatHappened(kind).english())
                .contains("kept")
                .endsWith(".");
        assertThat(partSaid).contains("the part of the answer above");
        assertThat(nothingSaid + FailureWords.tryingAgain(kind).english())
                .doesNotContain("Exception", "java", "null", kind.name());
        assertThat(nothingSaid.split("(?<=\\.)\\s")).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void failuresAreToldApart() {
        assertThat(Arrays.stream(ModelException.Kind.values())
                        .map(FailureWords::whatHappened)
                        .distinct())
                .hasSize(ModelException.Kind.values().length);
    }

    /// Every way in which a turn can end badly, with what its problem document says.
    static Stream<Arguments> problems() {
        return Stream.of(
                of(Kind.MODEL_NOT_AVAILABLE, ErrorCode.NOT_FOUND, 404, "Model not available", "Choose another model"),
                of(Kind.CONNECTION, ErrorCode.NETWORK_ERROR, 502, "Model server not reachable", LATER),
                of(Kind.TIMEOUT, ErrorCode.TASK_TIMEOUT, 504, "Model took too long", LATER),
                of(Kind.OVERLOADED, ErrorCode.RATE_LIMIT_EXCEEDED, 429, "Model server overloaded", LATER),
                of(Kind.BACKEND_ERROR, ErrorCode.NETWORK_ERROR, 502, "Model server failed", LATER),
                of(
                        Kind.REFUSED,
                        ErrorCode.INVALID_INPUT,
                        422,
                        "Request refused by the model server",
                        "change the message"),
                of(
                        Kind.REFUSED,
                        ErrorCode.SERVICE_UNAVAILABLE,
                        503,
                        "Request refused by the model server",
                        "choose another model until then"),
                of(Kind.PROTOCOL, ErrorCode.NETWORK_ERROR, 502, "Answer can't be read", LATER),
                of(Kind.BREAKER_OPEN, ErrorCode.SERVICE_UNAVAILABLE, 503, "Model server left alone for now", LATER),
                of(Kind.NO_BACKEND, ErrorCode.SERVICE_UNAVAILABLE, 503, "No model connected", LATER),
                of(Kind.TOO_LONG, ErrorCode.NETWORK_ERROR, 422, "Answer too long", "Ask for a shorter answer"),
                of(Kind.PROMPT_TOO_LONG, ErrorCode.INVALID_INPUT, 422, "Message too long for the model", "Shorten"),
                Arguments.of(
                        FailureWords.messageTooLong(9_000, 2_300),
                        422,
                        "Message too long for the model",
                        "about 2300 characters"),
                Arguments.of(
                        FailureWords.messageTooLong(90, 0), 422, "Message too long for the model", "with more room"),
                Arguments.of(
                        FailureWords.waitedTooLong(Duration.ofHours(24)),
                        503,
                        "No model for too long",
                        "regenerate the answer"),
                Arguments.of(
                        FailureWords.gaveUp(ErrorCode.TASK_EXECUTION_FAILED), 500, "Answer not finished", "Regenerate"),
                Arguments.of(FailureWords.gaveUp(ErrorCode.TASK_TIMEOUT), 504, "Answer not finished", "Regenerate"),
                Arguments.of(FailureWords.gaveUp(ErrorCode.INTERNAL_ERROR), 500, "Answer not finished", "Regenerate"));
    }

    private static Arguments of(Kind kind, ErrorCode code, int status, String title, String help) {
        var failure = new ModelException(kind, code, "first did something", null, null);
        return Arguments.of(FailureWords.failed(failure, false), status, title, help);
    }

    @ParameterizedTest
    @MethodSource("problems")
    void aTurnsProblemSpeaksToThePersonAndNotToTheOperator(Told told, int status, String title, String help) {
        Problem problem =
                Problem.of(told.failure(), "/api/v1/turns/1", "request").inWords(told.title(), told.help());

        assertThat(problem.status()).isEqualTo(status);
        assertThat(problem.title()).isEqualTo(title);
        assertThat(problem.help()).contains(help).endsWith(".");
        assertThat(problem.detail()).contains("kept").contains(told.help());
        assertThat(problem.words()).as("phrases for other languages").hasSizeGreaterThanOrEqualTo(2);
        assertThat(problem.title() + problem.detail() + problem.help())
                .doesNotContain("dead letter", "Internal error", "request id", "Exception", "null", "first did");
    }

    @Test
    void everyKindOfFailureIsInTheTable() {
        List<String> titles = problems().map(row -> (String) row.get()[2]).toList();
        for (Kind kind : Kind.values()) {
            Told told = FailureWords.failed(new ModelException(kind, ErrorCode.NETWORK_ERROR, "x", null, null), false);
            assertThat(titles).contains(told.title());
        }
    }

    @Test
    void operatorsAreToldWhatToDoUnlessItIsThePersonsOwnToChange() {
        for (Kind kind : Kind.values()) {
            assertThat(FailureWords.forOperators(kind, ErrorCode.SERVICE_UNAVAILABLE)
                            .isEmpty())
                    .isEqualTo(kind == Kind.TOO_LONG || kind == Kind.PROMPT_TOO_LONG);
        }
        assertThat(FailureWords.forOperators(Kind.REFUSED, ErrorCode.INVALID_INPUT))
                .isEmpty();
    }
}
