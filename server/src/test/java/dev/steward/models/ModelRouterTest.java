package dev.steward.models;

import static dev.steward.models.ModelRig.NO_RETRY;
import static dev.steward.models.ModelRig.QUICK_RETRY;
import static dev.steward.models.ModelRig.backend;
import static dev.steward.models.ModelRig.question;
import static dev.steward.models.ModelRig.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steward.models.ModelException.Kind;
import dev.steward.models.ModelRig.Outcome;
import dev.steward.resilience.CircuitBreaker;
import dev.steward.resilience.RecoveryLevel;
import dev.steward.testing.Eventually;
import dev.steward.testing.FaultyModelServer;
import dev.steward.testing.ModelFault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class ModelRouterTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    @Test
    void aBackendThatIsDownIsAskedFewTimesAndThenLeftAlone() throws Exception {
        try (var server = FaultyModelServer.start().fault(ModelFault.STATUS_503);
                ModelRig rig = ModelRig.of(QUICK_RETRY, backend("only", Backend.Kind.OPENAI, server))) {
            for (int i = 0; i < 59; i++) {
                assertThat(rig.relay(raw(i % 2 == 0)).failure()).isPresent();
            }
            ModelException last = rig.relay(raw(false)).failure().orElseThrow();

            assertThat(server.requests()).isLessThanOrEqualTo(10);
            assertThat(last.kind()).isEqualTo(Kind.BREAKER_OPEN);
            assertThat(last.getMessage()).contains("only failed several times", "tried again in");
            assertThat(last.retryAfter()).isPresent();
        }
    }

    @Test
    void aFailureThatPassesIsOvercomeByAskingAgain() throws Exception {
        try (var server = FaultyModelServer.start().faults(ModelFault.STATUS_500, ModelFault.RESET);
                ModelRig rig = ModelRig.of(QUICK_RETRY, backend("only", Backend.Kind.OLLAMA, server))) {
            Outcome outcome = rig.chat(question());

            assertThat(outcome.text()).isEqualTo(server.answerText());
            assertThat(outcome.failovers()).hasSize(1);
            assertThat(outcome.failovers().getFirst().level()).isEqualTo(2);
            assertThat(outcome.failovers().getFirst().message().english()).contains("only ", "was asked again");
            assertThat(server.requests()).isEqualTo(3);
        }
    }

    @Test
    void aPromptThatIsReadStepByStepMayTakeLongerThanTheFirstToken() throws Exception {
        var timeouts = new ModelsSettings.Timeouts(
                Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(40));
        try (var server = FaultyModelServer.start()
                        .firstToken(Duration.ofMillis(300))
                        .readingSteps(5);
                ModelRig rig = ModelRig.of(NO_RETRY, timeouts, backend("only", Backend.Kind.OPENAI, server))) {
            assertThat(rig.relay(raw(true)).text()).isEqualTo(server.answerText());

            assertThat(rig.chat(question()).text()).isEqualTo(server.answerText());
            assertThat(rig.readings).hasSize(5).endsWith(new AnswerEvent.Reading(5, 5));
        }
    }

    @Test
    void aModelOnAMachineOfOnesOwnHasMoreTimeForALongPrompt() {
        Backend own = new Backend(
                "own",
                Backend.Kind.OLLAMA,
                java.net.URI.create("http://127.0.0.1:1"),
                java.util.Optional.empty(),
                Backend.Privacy.LOCAL,
                Backend.Cost.FREE,
                Backend.Continuation.PREFILL);
        Backend far = new Backend(
                "far",
                Backend.Kind.OPENAI,
                java.net.URI.create("http://127.0.0.1:1"),
                java.util.Optional.empty(),
                Backend.Privacy.REMOTE,
                Backend.Cost.PAID,
                Backend.Continuation.INSTRUCTION);

        assertThat(ModelCalls.reading(own, 4_000)).isEqualTo(Duration.ZERO);
        assertThat(ModelCalls.reading(own, 24_000)).isEqualTo(Duration.ofSeconds(500));
        assertThat(ModelCalls.reading(far, 24_000)).isEqualTo(Duration.ZERO);
    }

    @Test
    void retryAfterIsWaitedFor() throws Exception {
        try (var server = FaultyModelServer.start().faults(ModelFault.RATE_LIMITED_SECONDS);
                ModelRig rig = ModelRig.of(QUICK_RETRY, backend("only", Backend.Kind.OPENAI, server))) {
            long began = System.nanoTime();

            Outcome outcome = rig.relay(raw(false));

            assertThat(outcome.text()).isEqualTo(server.answerText());
            assertThat(server.requests()).isEqualTo(2);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        }
    }

    @Test
    void anOverloadedBackendDoesNotOpenItsBreaker() throws Exception {
        try (var server = FaultyModelServer.start().fault(ModelFault.RATE_LIMITED);
                ModelRig rig = ModelRig.of(NO_RETRY, backend("only", Backend.Kind.OPENAI, server))) {
            for (int i = 0; i < 10; i++) {
                assertThat(rig.chat(question()).failure().orElseThrow().kind()).isEqualTo(Kind.OVERLOADED);
            }
            assertThat(rig.breakers.status("backend_only").orElseThrow().state())
                    .isEqualTo(CircuitBreaker.State.CLOSED);
        }
    }

    @Test
    void theSameBackendGoesOnWhereItStopped() throws Exception {
        for (Backend.Kind kind : Backend.Kind.values()) {
            try (var server = FaultyModelServer.start()
                            .chunks(40)
                            .faults(ModelFault.HALF_STREAM, ModelFault.ERROR_IN_STREAM);
                    ModelRig rig = ModelRig.of(QUICK_RETRY, backend("only", kind, server))) {
                Outcome outcome = rig.chat(question());

                assertThat(outcome.text()).isEqualTo(server.answerText());
                assertThat(outcome.failovers()).hasSize(2);
                assertThat(outcome.failovers().getFirst().message().english()).contains("goes on where it stopped");
            }
        }
    }

    @Test
    void whatAContinuedAnswerRepeatsIsTakenAway() throws Exception {
        for (boolean relayed : new boolean[] {true, false}) {
            try (var bad = FaultyModelServer.start().chunks(40).fault(ModelFault.RESET_HALF_WAY);
                    var good = FaultyModelServer.start().chunks(40).overlap(20);
                    ModelRig rig = ModelRig.of(
                            NO_RETRY,
                            backend("first", Backend.Kind.OPENAI, bad),
                            backend("second", Backend.Kind.OPENAI, good))) {
                Outcome outcome = relayed ? rig.relay(raw(true)) : rig.chat(question());

                assertThat(outcome.text()).isEqualTo(good.answerText());
                assertThat(good.bodies().getFirst()).contains("Go on exactly where it stops");
            }
        }
    }

    @Test
    void aBegunAnswerGoesOnFromWhatWasSaid() throws Exception {
        try (var server = FaultyModelServer.start();
                ModelRig rig = ModelRig.of(NO_RETRY, backend("only", Backend.Kind.OLLAMA, server))) {
            String said = server.answerText().substring(0, " Paris is the".length());

            Outcome outcome = rig.chat(question().continuing(said));

            assertThat(said + outcome.text()).isEqualTo(server.answerText());
            JsonNode messages = JSON.readTree(server.bodies().getFirst()).path("messages");
            assertThat(messages.get(1).path("role").asString()).isEqualTo("assistant");
            assertThat(messages.get(1).path("content").asString()).isEqualTo(said);
        }
    }

    @Test
    void aDocumentForASchemaIsBegunAnew() throws Exception {
        try (var bad = FaultyModelServer.start().fault(ModelFault.HALF_STREAM);
                var good = FaultyModelServer.start();
                ModelRig rig = ModelRig.of(
                        NO_RETRY,
                        backend("first", Backend.Kind.OLLAMA, bad),
                        backend("second", Backend.Kind.OLLAMA, good))) {
            var request = new ChatRequest(
                    question().messages(),
                    Optional.of("{\"type\":\"object\"}"),
                    OptionalInt.of(50),
                    OptionalDouble.of(0),
                    "");

            Outcome outcome = rig.chat(request);

            assertThat(outcome.text()).isEqualTo(good.answerText());
            JsonNode body = JSON.readTree(good.bodies().getFirst());
            assertThat(body.path("format").path("type").asString()).isEqualTo("object");
            assertThat(body.path("options").path("num_predict").asInt()).isEqualTo(50);
            assertThat(body.path("messages").size()).isEqualTo(1);
        }
    }

    @Test
    void aServerThatRefusesStreamOptionsIsAskedWithoutThem() throws Exception {
        try (var server = FaultyModelServer.start().fault(ModelFault.STREAM_OPTIONS_REFUSED);
                ModelRig rig = ModelRig.of(NO_RETRY, backend("only", Backend.Kind.OPENAI, server))) {
            assertThat(rig.chat(question()).text()).isEqualTo(server.answerText());
            assertThat(rig.chat(question()).text()).isEqualTo(server.answerText());

            assertThat(server.requests()).isEqualTo(3);
            assertThat(rig.failures("only")).isZero();
        }
    }

    @Test
    void closingAnAnswerFromAnotherThreadReachesTheBackend() throws Exception {
        try (var server = FaultyModelServer.start().fault(ModelFault.HANG_BETWEEN_TOKENS);
                ModelRig rig = ModelRig.of(NO_RETRY, backend("only", Backend.Kind.OPENAI, server))) {
            RawAnswer answer = rig.router.open(raw(true));
            CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> {
                try {
                    while (answer.next()) {
                        // Until it hangs.
                    }
                    return true;
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            Eventually.until(
                    "it hangs", () -> server.inFlight() == 1 && answer.by().isPresent());

            answer.close();

            assertThatThrownBy(waiting::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("cancelled");
            Eventually.until("the backend noticed", () -> server.cancelled() == 1);
            Eventually.until("nothing is left", rig::atRest);
            assertThat(rig.failures("only")).isZero();
        }
    }

    @Test
    void anAnswerThatIsLeftHalfReadLeavesNothing() throws Exception {
        try (var server = FaultyModelServer.start().chunks(500).chunkInterval(Duration.ofMillis(20));
                ModelRig rig = ModelRig.of(NO_RETRY, backend("only", Backend.Kind.OLLAMA, server))) {
            try (Answer answer = rig.router.chat(ModelRig.USER, "ollama_alpha", List.of(), question())) {
                assertThat(answer.next()).isInstanceOf(AnswerEvent.Text.class);
            }
            try (RawAnswer answer = rig.router.open(raw(true))) {
                assertThat(answer.next()).isTrue();
            }
            Eventually.until("nothing is left here", rig::atRest);
            Eventually.until("the backend noticed", () -> server.cancelled() == 2);
        }
    }

    @Test
    void anInterruptEndsTheCallAtTheBackend() throws Exception {
        try (var server = FaultyModelServer.start().fault(ModelFault.HANG_BEFORE_HEADERS);
                ModelRig rig = ModelRig.of(NO_RETRY, backend("only", Backend.Kind.OPENAI, server))) {
            var caught = new AtomicReference<Throwable>();
            Thread thread = Thread.ofVirtual().start(() -> {
                try (Answer answer = rig.router.chat(ModelRig.USER, "", List.of(), question())) {
                    answer.next();
                } catch (InterruptedException | RuntimeException e) {
                    caught.set(e);
                }
            });
            Eventually.until("it hangs", () -> server.inFlight() == 1);

            thread.interrupt();
            thread.join();

            assertThat(caught.get()).isInstanceOf(InterruptedException.class);
            Eventually.until("the backend noticed", () -> server.cancelled() == 1);
            Eventually.until("nothing is left", rig::atRest);
        }
    }

    @Test
    void aCallersBreakerCountsWholeCallsAndStopsTheCallerOnly() throws Exception {
        try (var server = FaultyModelServer.start().fault(ModelFault.STATUS_500);
                ModelRig rig = ModelRig.of(NO_RETRY, backend("only", Backend.Kind.OPENAI, server))) {
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> ask(rig, "ollama_alpha")).isInstanceOf(ModelException.class);
            }
            server.fault(ModelFault.NONE);
            rig.breakers.reset("backend_only");

            assertThatThrownBy(() -> ask(rig, "ollama_alpha"))
                    .isInstanceOfSatisfying(
                            ModelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BREAKER_OPEN));
            assertThat(ask(rig, "ollama_beta")).isEqualTo(server.answerText().length());
        }
    }

    private static int ask(ModelRig rig, String caller) throws InterruptedException {
        int length = 0;
        try (Answer answer = rig.router.chat(ModelRig.USER, caller, List.of(), question())) {
            AnswerEvent event = answer.next();
            while (!(event instanceof AnswerEvent.Done)) {
                length += event instanceof AnswerEvent.Text(String text) ? text.length() : 0;
                event = answer.next();
            }
        }
        return length;
    }

    @Test
    void aWholeChainThatIsDownGivesOneHonestSentence() throws Exception {
        try (var first = FaultyModelServer.start().fault(ModelFault.REFUSE_CONNECTIONS);
                var second = FaultyModelServer.start().fault(ModelFault.MODEL_ABSENT);
                ModelRig rig = ModelRig.of(
                        NO_RETRY,
                        backend("first", Backend.Kind.OPENAI, first),
                        backend("second", Backend.Kind.OLLAMA, second))) {
            assertThat(rig.chat(question()).failure().orElseThrow().getMessage())
                    .isEqualTo("No model could answer: first refused the connection; second has no model mock-model."
                            + " Get it with: ollama pull mock-model");
        }
    }

    @Test
    void noBackendAtAllIsSaidPlainly() throws Exception {
        try (ModelRig rig = ModelRig.discovering(new Discovery(true, List.of(), Optional.empty()))) {
            ModelException failure = rig.chat(question()).failure().orElseThrow();

            assertThat(failure.kind()).isEqualTo(Kind.NO_BACKEND);
            assertThat(failure.getMessage()).startsWith("No model is connected.");
        }
    }

    @Test
    void aTakeOverByARemoteBackendIsMarked() throws Exception {
        try (var bad = FaultyModelServer.start().fault(ModelFault.STATUS_500);
                var good = FaultyModelServer.start()) {
            Backend away = backend("second", Backend.Kind.OPENAI, good);
            Backend remote = new Backend(
                    away.name(),
                    away.kind(),
                    away.url(),
                    Optional.empty(),
                    Backend.Privacy.REMOTE,
                    Backend.Cost.PAID,
                    away.continuation());
            try (ModelRig rig = ModelRig.of(NO_RETRY, backend("first", Backend.Kind.OPENAI, bad), remote)) {
                assertThat(rig.chat(question()).failovers().getFirst().message().english())
                        .isEqualTo("Answered by second (remote, paid) because first failed with status 500.");
            }
        }
    }

    @Test
    void theClientsBytesReachTheBackendButForTheModel() throws Exception {
        try (var server = FaultyModelServer.start();
                ModelRig rig = ModelRig.of(NO_RETRY, backend("only", Backend.Kind.OPENAI, server))) {
            rig.relay(raw(false));

            assertThat(server.bodies().getFirst())
                    .isEqualTo("{\"messages\":[{\"role\":\"user\",\"content\":\"What is Paris?\"}],"
                            + "\"model\":\"mock-model\",\"stream\":false}");
        }
    }

    @Test
    void aRawStreamThatIsGoneOnWithIsOneStream() throws Exception {
        try (var bad = FaultyModelServer.start().fault(ModelFault.HALF_STREAM);
                var good = FaultyModelServer.start();
                ModelRig rig = ModelRig.of(
                        NO_RETRY,
                        backend("first", Backend.Kind.OPENAI, bad),
                        backend("second", Backend.Kind.OLLAMA, good));
                RawAnswer answer = rig.router.open(raw(true))) {
            var bytes = new java.io.ByteArrayOutputStream();
            while (answer.next()) {
                bytes.write(answer.buffer(), answer.offset(), answer.length());
            }
            String stream = bytes.toString(java.nio.charset.StandardCharsets.UTF_8);

            assertThat(ModelRig.text(stream, true)).isEqualTo(good.answerText());
            assertThat(stream).containsOnlyOnce("\"role\":\"assistant\"").endsWith("data: [DONE]\n\n");
            assertThat(stream).containsOnlyOnce(": Continued by second because first stopped");
            assertThat(answer.usage()).isPresent();
            assertThat(answer.by().orElseThrow().backend()).isEqualTo("second");
        }
    }

    private static List<String> tries(ModelRig rig) {
        return rig.recoveries.stream()
                .map(one -> one.component() + " " + one.errorKind() + " "
                        + one.strategy().level() + " " + one.outcome())
                .toList();
    }

    @Test
    void everyTryOnTheLadderIsToldOnce() throws Exception {
        try (var bad = FaultyModelServer.start().fault(ModelFault.STATUS_500);
                var good = FaultyModelServer.start();
                ModelRig rig = ModelRig.of(
                        QUICK_RETRY,
                        backend("first", Backend.Kind.OPENAI, bad),
                        backend("second", Backend.Kind.OPENAI, good))) {
            assertThat(rig.chat(ModelRig.question()).whole()).isTrue();

            assertThat(tries(rig)).containsExactly("first backend_error 1 FAILED", "first backend_error 3 RECOVERED");
            assertThat(bad.requests()).isEqualTo(2);
        }
    }

    @Test
    void theLastBackendIsWaitedForAndThenGivenUp() throws Exception {
        try (var server = FaultyModelServer.start();
                ModelRig rig = ModelRig.of(QUICK_RETRY, backend("only", Backend.Kind.OPENAI, server))) {
            server.faults(ModelFault.STATUS_500, ModelFault.STATUS_500);
            assertThat(rig.chat(ModelRig.question()).whole()).isTrue();
            assertThat(tries(rig)).containsExactly("only backend_error 1 FAILED", "only backend_error 2 RECOVERED");

            rig.recoveries.clear();
            server.reset();
            server.fault(ModelFault.STATUS_500);
            assertThat(rig.chat(ModelRig.question()).failure()).isPresent();
            assertThat(tries(rig)).hasSize(server.requests() - 1).allMatch(one -> one.endsWith("FAILED"));
            assertThat(server.requests()).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void theOrderOfStrategiesIsAParameter() throws Exception {
        try (var bad = FaultyModelServer.start().fault(ModelFault.STATUS_500);
                var good = FaultyModelServer.start();
                ModelRig rig = ModelRig.climbing(
                        (_, _) -> List.of(RecoveryLevel.FALLBACK, RecoveryLevel.IMMEDIATE_RETRY),
                        backend("first", Backend.Kind.OPENAI, bad),
                        backend("second", Backend.Kind.OPENAI, good))) {
            assertThat(rig.chat(ModelRig.question()).whole()).isTrue();

            assertThat(tries(rig)).containsExactly("first backend_error 3 RECOVERED");
            assertThat(bad.requests()).isEqualTo(1);
        }
    }
}
