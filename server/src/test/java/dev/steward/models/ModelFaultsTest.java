package dev.steward.models;

import static dev.steward.models.ModelRig.NO_RETRY;
import static dev.steward.models.ModelRig.backend;
import static dev.steward.models.ModelRig.question;
import static dev.steward.models.ModelRig.raw;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Wording;
import dev.steward.base.Wording.Phrase;
import dev.steward.models.ModelException.Kind;
import dev.steward.models.ModelRig.Outcome;
import dev.steward.testing.Eventually;
import dev.steward.testing.FaultyModelServer;
import dev.steward.testing.ModelFault;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every fault, on every way: the right error within its deadline, nothing leaked, the breaker told the truth; and with
/// a second backend one whole answer and one line.
@Timeout(60)
class ModelFaultsTest {

    /// The ways of a call.
    enum Way {
        CHAT_OLLAMA(Backend.Kind.OLLAMA, true),
        CHAT_OPENAI(Backend.Kind.OPENAI, true),
        RAW_STREAM(Backend.Kind.OPENAI, true),
        RAW_PLAIN(Backend.Kind.OPENAI, false),
        RAW_STREAM_TO_OLLAMA(Backend.Kind.OLLAMA, true),
        RAW_PLAIN_TO_OLLAMA(Backend.Kind.OLLAMA, false);

        final Backend.Kind kind;
        final boolean stream;

        Way(Backend.Kind kind, boolean stream) {
            this.kind = kind;
            this.stream = stream;
        }

        Outcome ask(ModelRig rig) throws InterruptedException {
            return switch (this) {
                case CHAT_OLLAMA, CHAT_OPENAI -> rig.chat(question());
                case RAW_STREAM, RAW_STREAM_TO_OLLAMA -> rig.relay(raw(true));
                case RAW_PLAIN, RAW_PLAIN_TO_OLLAMA -> rig.relay(raw(false));
            };
        }
    }

    /// Not faults after all: the answer is whole.
    private static final Set<ModelFault> HARMLESS = EnumSet.of(
            ModelFault.NONE,
            ModelFault.KEEP_ALIVE_CLOSED,
            ModelFault.USAGE_MISSING,
            ModelFault.DONE_MISSING,
            ModelFault.DUPLICATE_CHUNKS);

    /// The backend said no in good health.
    private static final Set<Kind> BLAMELESS = EnumSet.of(Kind.MODEL_NOT_AVAILABLE, Kind.OVERLOADED, Kind.REFUSED);

    static Stream<Arguments> faultsAndWays() {
        return Arrays.stream(ModelFault.values())
                .filter(fault -> !HARMLESS.contains(fault) && fault != ModelFault.STREAM_OPTIONS_REFUSED)
                .flatMap(fault -> Arrays.stream(Way.values()).map(way -> Arguments.of(fault, way)));
    }

    static Stream<Arguments> harmlessAndWays() {
        return HARMLESS.stream().flatMap(fault -> Arrays.stream(Way.values()).map(way -> Arguments.of(fault, way)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("faultsAndWays")
    void aFaultIsNamedInTimeAndLeavesNothingBehind(ModelFault fault, Way way) throws Exception {
        try (var server = FaultyModelServer.start().dripInterval(Duration.ofMillis(30));
                ModelRig rig = ModelRig.of(NO_RETRY, timeouts(fault, way), backend("first", way.kind, server))) {
            server.fault(fault);

            Outcome outcome = way.ask(rig);

            ModelException failure = outcome.failure().orElseThrow();
            assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(expected(fault, way));
            assertThat(failure.getMessage()).startsWith("first ").doesNotContain("Exception");
            assertThat(outcome.whole()).isFalse();
            assertThat(server.answerText()).startsWith(onlyHealthyText(fault, outcome.text()));
            assertThat(rig.failures("first")).isEqualTo(BLAMELESS.contains(failure.kind()) ? 0 : 1);
            assertThat(server.requests()).isLessThanOrEqualTo(1);
            Eventually.until("nothing is left here", rig::atRest);
            Eventually.until("nothing is left there", () -> server.inFlight() == 0);
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("faultsAndWays")
    void aSecondBackendGivesOneWholeAnswerAndOneLine(ModelFault fault, Way way) throws Exception {
        if (fault == ModelFault.STATUS_400) {
            return; // A request that breaks the rules is not carried around.
        }
        try (var bad = FaultyModelServer.start().dripInterval(Duration.ofMillis(30));
                var good = FaultyModelServer.start();
                ModelRig rig = ModelRig.of(
                        NO_RETRY,
                        timeouts(fault, way),
                        backend("first", way.kind, bad),
                        backend("second", way.kind, good))) {
            bad.fault(fault);

            Outcome outcome = way.ask(rig);

            assertThat(outcome.failure()).isEmpty();
            assertThat(outcome.whole()).isTrue();
            assertThat(withoutFlood(fault, outcome.text())).isEqualTo(good.answerText());
            assertThat(outcome.failovers()).hasSize(1);
            assertThat(outcome.failovers().getFirst().level()).isEqualTo(3);
            Wording told = outcome.failovers().getFirst().message();
            assertThat(told.english()).contains("by second because first ");
            assertThat(told.phrases()).extracting(Phrase::code).hasSize(2).contains("backend_missed");
            assertThat(told.phrases())
                    .extracting(phrase -> phrase.values().get("backend"))
                    .containsExactly("second", "first");
            assertThat(rig.recoveries).hasSize(1);
            assertThat(good.requests()).isEqualTo(1);
            Eventually.until("nothing is left here", rig::atRest);
            Eventually.until("nothing is left there", () -> bad.inFlight() + good.inFlight() == 0);
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("harmlessAndWays")
    void whatIsNoFaultIsAWholeAnswerEachTime(ModelFault oddity, Way way) throws Exception {
        try (var server = FaultyModelServer.start();
                ModelRig rig = ModelRig.of(NO_RETRY, backend("first", way.kind, server))) {
            server.fault(oddity);

            for (int i = 0; i < 3; i++) {
                Outcome outcome = way.ask(rig);

                assertThat(outcome.failure()).isEmpty();
                if (oddity != ModelFault.DUPLICATE_CHUNKS) {
                    assertThat(outcome.text()).isEqualTo(server.answerText());
                }
            }
            assertThat(rig.failures("first")).isZero();
            Eventually.until("nothing is left here", rig::atRest);
        }
    }

    /// What a backend floods its reader with is not checked here but by its length.
    private static String onlyHealthyText(ModelFault fault, String text) {
        return fault == ModelFault.NEVER_ENDING ? "" : text;
    }

    private static String withoutFlood(ModelFault fault, String text) {
        return fault == ModelFault.NEVER_ENDING
                ? text.substring(Math.max(0, text.lastIndexOf("again ") + (text.contains("again ") ? 6 : 0)))
                : text;
    }

    /// Short where the fault is that time runs out, long where a busy machine must not look like one.
    private static ModelsSettings.Timeouts timeouts(ModelFault fault, Way way) {
        return expected(fault, way) == Kind.TIMEOUT ? ModelRig.TIMEOUTS : ModelRig.PATIENT;
    }

    private static Kind expected(ModelFault fault, Way way) {
        return switch (fault) {
            case MODEL_ABSENT -> Kind.MODEL_NOT_AVAILABLE;
            case REFUSE_CONNECTIONS, RESET, FIN_BEFORE_HEADERS, FIN_BEFORE_BODY -> Kind.CONNECTION;
            case HANG_BEFORE_HEADERS, HANG_BEFORE_FIRST_TOKEN, HANG_BETWEEN_TOKENS, SLOW_DRIP, SLOW_DRIP_OF_HEADERS ->
                Kind.TIMEOUT;
            case RATE_LIMITED, RATE_LIMITED_SECONDS, RATE_LIMITED_DATE, RATE_LIMITED_GARBAGE -> Kind.OVERLOADED;
            case STATUS_500, STATUS_502, STATUS_503, ERROR_AT_ONCE, ERROR_IN_STREAM -> Kind.BACKEND_ERROR;
            case STATUS_400, STATUS_401 -> Kind.REFUSED;
            case GIGANTIC_TOKEN, NO_NEWLINE, NEVER_ENDING -> Kind.TOO_LONG;
            case HALF_STREAM, RESET_HALF_WAY -> way.stream ? Kind.PROTOCOL : Kind.CONNECTION;
            case HALF_JSON, CUT_IN_UTF8, NO_END_MARK, GARBAGE, GARBAGE_BODY, WRONG_CONTENT_TYPE, REDIRECT, GZIP ->
                Kind.PROTOCOL;
            case NONE, KEEP_ALIVE_CLOSED, USAGE_MISSING, DONE_MISSING, DUPLICATE_CHUNKS, STREAM_OPTIONS_REFUSED ->
                throw new IllegalArgumentException("no fault: " + fault);
        };
    }
}
