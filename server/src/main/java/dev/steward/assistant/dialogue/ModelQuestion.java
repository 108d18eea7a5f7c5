package dev.steward.assistant.dialogue;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import dev.steward.models.AnswerEvent;
import dev.steward.models.ChatMessage;
import dev.steward.models.ChatRequest;
import dev.steward.models.ModelException;
import dev.steward.models.ModelGateway;
import dev.steward.models.ModelRef;
import dev.steward.models.ServedModel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Questions that Steward asks a model for its own purposes, answered whole or not at all. Safe for use by many
/// threads.
final class ModelQuestion {

    /// Most characters of such an answer; a model that goes on and on is cut off.
    static final int ANSWER_CHARS_MAX = 16_000;

    /// A context from which on a model is taken to follow a schema with some judgement.
    static final int CAPABLE_CONTEXT_TOKENS = 8_192;

    /// Backend name of the built-in model, whose every token costs the person noticeable time.
    static final String BUILT_IN = "embedded";

    /// Low: these questions want the likely answer, not a new one each time.
    private static final double TEMPERATURE = 0.2;

    private static final Logger log = LoggerFactory.getLogger(ModelQuestion.class);

    private final ModelGateway gateway;

    ModelQuestion(ModelGateway gateway) {
        this.gateway = requireNonNull(gateway, "gateway");
    }

    /// The answer, or empty when there is none in time, for whatever reason. For questions that can go
    /// unanswered.
    Optional<String> tryAsk(UserId user, String caller, List<ModelRef> chain, ChatRequest request, Duration patience)
            throws InterruptedException {
        try {
            return Optional.of(ask(user, caller, chain, request, patience));
        } catch (ModelException e) {
            log.atInfo()
                    .addKeyValue("caller", caller)
                    .addKeyValue("kind", e.kind())
                    .log("a model did not answer a question of Steward's own; going on without");
            return Optional.empty();
        }
    }

    /// @throws ModelException no whole answer in time
    String ask(UserId user, String caller, List<ModelRef> chain, ChatRequest request, Duration patience)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        var text = new AnswerText("");
        try (var pump = new AnswerPump(gateway.chat(user, caller, chain, request))) {
            while (true) {
                Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
                Optional<AnswerEvent> event = pump.poll(left);
                if (event.isEmpty()) {
                    throw Failures.timeout();
                }
                switch (event.get()) {
                    case AnswerEvent.Text(String piece) -> text.append(piece);
                    case AnswerEvent.Reset(int offset) -> text.reset(offset);
                    case AnswerEvent.Failover _ -> {}
                    case AnswerEvent.Reading _ -> {}
                    case AnswerEvent.Done _ -> {
                        text.finish();
                        return text.text();
                    }
                }
                if (text.length() > ANSWER_CHARS_MAX) {
                    throw Failures.tooLong();
                }
            }
        }
    }

    /// A small question of Steward's own: an instruction, and the text that it is about.
    static ChatRequest request(String instruction, String text, int tokensMax) {
        return new ChatRequest(
                List.of(
                        new ChatMessage(ChatMessage.Speaker.SYSTEM, instruction),
                        new ChatMessage(ChatMessage.Speaker.USER, text)),
                Optional.empty(),
                OptionalInt.of(tokensMax),
                OptionalDouble.of(TEMPERATURE),
                "");
    }

    /// The beginning of a text, at most so many UTF-16 units, and never half a character at its end.
    static String beginning(String text, int charsMax) {
        if (text.length() <= charsMax) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(charsMax - 1)) ? charsMax - 1 : charsMax);
    }

    /// The model that a chain asks first; empty when none can answer now.
    Optional<ModelRef> first(List<ModelRef> chain) {
        List<ModelRef> models = chain.isEmpty() ? gateway.defaultChain() : chain;
        return models.stream().findFirst();
    }

    /// What fits into one call of the model that a chain asks first.
    int contextTokens(List<ModelRef> chain) {
        return served(chain)
                .filter(m -> m.contextTokens().isPresent())
                .map(m -> m.contextTokens().getAsInt())
                .orElse(ContextWindow.CONTEXT_TOKENS_UNKNOWN);
    }

    /// What fits into one call of the model of a chain that has the most room; empty where one does not tell.
    OptionalInt contextTokensMost(List<ModelRef> chain) {
        List<ModelRef> models = chain.isEmpty() ? gateway.defaultChain() : chain;
        int most = 0;
        for (ModelRef ref : models) {
            OptionalInt one =
                    served(List.of(ref)).map(ServedModel::contextTokens).orElse(OptionalInt.empty());
            if (one.isEmpty()) {
                return OptionalInt.empty();
            }
            most = Math.max(most, one.getAsInt());
        }
        return most == 0 ? OptionalInt.empty() : OptionalInt.of(most);
    }

    /// Whether a small decision may be asked of the model that a chain asks first, without making the person wait
    /// for it.
    boolean capable(List<ModelRef> chain) {
        return served(chain)
                .filter(m -> !m.ref().backend().equals(BUILT_IN))
                .filter(m -> m.contextTokens().orElse(0) >= CAPABLE_CONTEXT_TOKENS)
                .isPresent();
    }

    private Optional<ServedModel> served(List<ModelRef> chain) {
        return first(chain)
                .flatMap(ref -> gateway.served().stream()
                        .filter(m -> m.ref().names(ref))
                        .findFirst());
    }
}
