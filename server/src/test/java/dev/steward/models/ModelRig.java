package dev.steward.models;

import dev.steward.base.UserId;
import dev.steward.components.Component;
import dev.steward.components.ComponentRegistry;
import dev.steward.components.Tier;
import dev.steward.http.EgressConfig;
import dev.steward.http.EgressPool;
import dev.steward.resilience.BreakerConfig;
import dev.steward.resilience.BreakerListener;
import dev.steward.resilience.Breakers;
import dev.steward.resilience.RecoveryAttempt;
import dev.steward.resilience.RecoveryLadder;
import dev.steward.resilience.RetryPolicy;
import dev.steward.telemetry.Tracing;
import dev.steward.testing.FaultyModelServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The whole room on top of faulty model servers, with times that fit a test.
final class ModelRig implements AutoCloseable {

    static final UserId USER = new UserId(new UUID(0, 7));
    static final RetryPolicy NO_RETRY = new RetryPolicy(1, Duration.ZERO, 2, Duration.ZERO);
    static final RetryPolicy QUICK_RETRY = new RetryPolicy(3, Duration.ofMillis(2), 2, Duration.ofMillis(5));
    /// Only for backends that hang: a busy machine looks like one.
    static final ModelsSettings.Timeouts TIMEOUTS = new ModelsSettings.Timeouts(
            Duration.ofMillis(500), Duration.ofMillis(300), Duration.ofMillis(200), Duration.ofMillis(3_000));
    static final ModelsSettings.Timeouts PATIENT = new ModelsSettings.Timeouts(
            Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(40));
    static final ChatLimits LIMITS = new ChatLimits(256 * 1024, 128 * 1024, 1 << 20);

    private static final JsonMapper JSON = JsonMapper.shared();

    final EgressPool pool = new EgressPool(new EgressConfig(List.of()));
    private final ModelCalls calls;
    final DeadlineWatch watch = new DeadlineWatch();
    final Breakers breakers;
    final Backends backends;
    final ModelRouter router;
    final Component component;
    final List<RecoveryAttempt> recoveries = new CopyOnWriteArrayList<>();
    final List<AnswerEvent.Reading> readings = new CopyOnWriteArrayList<>();
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    private ModelRig(
            Discovery discovery,
            List<ModelRef> chain,
            RetryPolicy retry,
            BreakerConfig breaker,
            ModelsSettings.Timeouts timeouts,
            RecoveryLadder.Order order) {
        InstantSource clock = InstantSource.system();
        breakers = new Breakers(breaker, clock, System::nanoTime, BreakerListener.NONE);
        var ladder = new RecoveryLadder(order, recoveries::add, clock, System::nanoTime);
        calls = new ModelCalls(pool, watch, timeouts, LIMITS, breakers, retry, ladder, clock, Tracing.quiet());
        component = new ComponentRegistry(clock).register("models", Tier.CORE);
        var looks = new BackendLook(calls, JSON, ModelsSettings.OLLAMA_CONTEXT_TOKENS);
        backends = new Backends(discovery, () -> chain, this::gate, looks::models, component, clock);
        router = new ModelRouter(
                backends,
                calls,
                new OllamaChat(JSON, LIMITS, ModelsSettings.OLLAMA_CONTEXT_TOKENS),
                new OpenAiChat(JSON, LIMITS));
    }

    private BackendGate gate(Backend backend) {
        return calls.gate(backend, metrics, () -> {});
    }

    static ModelRig of(RetryPolicy retry, Backend... backends) {
        return of(retry, PATIENT, backends);
    }

    static ModelRig of(RetryPolicy retry, ModelsSettings.Timeouts timeouts, Backend... backends) {
        return new ModelRig(
                new Discovery(true, List.of(backends), Optional.empty()),
                chain(backends),
                retry,
                BreakerConfig.defaults(),
                timeouts,
                Passage.ORDER);
    }

    /// With another order of strategies, and retries.
    static ModelRig climbing(RecoveryLadder.Order order, Backend... backends) {
        return new ModelRig(
                new Discovery(true, List.of(backends), Optional.empty()),
                chain(backends),
                QUICK_RETRY,
                BreakerConfig.defaults(),
                PATIENT,
                order);
    }

    static ModelRig discovering(Discovery discovery) {
        return new ModelRig(discovery, List.of(), NO_RETRY, BreakerConfig.defaults(), PATIENT, Passage.ORDER);
    }

    static List<ModelRef> chain(Backend... backends) {
        List<ModelRef> chain = new ArrayList<>();
        for (Backend backend : backends) {
            chain.add(new ModelRef(backend.name(), FaultyModelServer.MODEL));
        }
        return chain;
    }

    static Backend backend(String name, Backend.Kind kind, FaultyModelServer server) {
        return new Backend(
                name,
                kind,
                URI.create(server.url()),
                Optional.empty(),
                Backend.Privacy.LOCAL,
                Backend.Cost.FREE,
                kind == Backend.Kind.OLLAMA ? Backend.Continuation.PREFILL : Backend.Continuation.INSTRUCTION);
    }

    static ChatRequest question() {
        return ChatRequest.of(List.of(new ChatMessage(ChatMessage.Speaker.USER, "What is Paris?")));
    }

    static RawCall raw(boolean stream) {
        String body =
                "{\"messages\":[{\"role\":\"user\",\"content\":\"What is Paris?\"}],\"model\":\"any/thing\",\"stream\":"
                        + stream + (stream ? ",\"stream_options\":{\"include_usage\":true}" : "") + "}";
        int from = body.indexOf("\"any/thing\"");
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return new RawCall(USER, "", List.of(), bytes, from, from + "\"any/thing\"".length(), stream);
    }

    /// What came of a call: what was said, by whom, what was told about failover, and how it ended.
    record Outcome(
            String text, boolean whole, List<AnswerEvent.Failover> failovers, Optional<ModelException> failure) {}

    Outcome chat(ChatRequest request) throws InterruptedException {
        var text = new StringBuilder();
        List<AnswerEvent.Failover> failovers = new ArrayList<>();
        try (Answer answer = router.chat(USER, "", List.of(), request)) {
            while (true) {
                switch (answer.next()) {
                    case AnswerEvent.Text(String piece) -> text.append(piece);
                    case AnswerEvent.Reading reading -> readings.add(reading);
                    case AnswerEvent.Failover failover -> failovers.add(failover);
                    case AnswerEvent.Reset(int offset) -> text.setLength(offset);
                    case AnswerEvent.Done _ -> {
                        return new Outcome(text.toString(), true, failovers, Optional.empty());
                    }
                }
            }
        } catch (ModelException e) {
            return new Outcome(text.toString(), false, failovers, Optional.of(e));
        }
    }

    Outcome relay(RawCall call) throws InterruptedException {
        var bytes = new java.io.ByteArrayOutputStream();
        RawAnswer answer = router.open(call);
        try (answer) {
            while (answer.next()) {
                bytes.write(answer.buffer(), answer.offset(), answer.length());
            }
            return new Outcome(
                    text(bytes.toString(StandardCharsets.UTF_8), call.stream()),
                    true,
                    answer.failovers(),
                    Optional.empty());
        } catch (ModelException e) {
            return new Outcome(
                    text(bytes.toString(StandardCharsets.UTF_8), call.stream()),
                    false,
                    answer.failovers(),
                    Optional.of(e));
        }
    }

    /// The text that a client of the OpenAI-compatible API reads out of these bytes.
    static String text(String body, boolean stream) {
        if (body.isEmpty()) {
            return "";
        }
        if (!stream) {
            return JSON.readTree(body)
                    .path("choices")
                    .path(0)
                    .path("message")
                    .path("content")
                    .asString();
        }
        var text = new StringBuilder();
        body.lines().filter(line -> line.startsWith("data: {")).forEach(line -> {
            JsonNode event = JSON.readTree(line.substring(6));
            text.append(
                    event.path("choices").path(0).path("delta").path("content").asString(""));
        });
        return text.toString();
    }

    /// Whether nothing of any call is left: connections, deadlines, room.
    boolean atRest() {
        return pool.inUse() == 0
                && watch.size() == 0
                && backends.all().stream()
                        .allMatch(one -> one.gate().limit().status().inFlight() == 0);
    }

    int failures(String backend) {
        return breakers.status("backend_" + backend).orElseThrow().failureCount();
    }

    @Override
    public void close() {
        backends.close();
        watch.close();
        pool.close();
    }
}
