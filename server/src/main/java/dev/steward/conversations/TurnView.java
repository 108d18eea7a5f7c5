package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// A turn on the wire.
///
/// @param agent      who answers, or who was asked for while that is not decided
/// @param inputFlags signs in the message that deserve a look: script, SQL, paths, odd characters; most have none
/// @param answer     what was said so far; whole only when `status` is `completed`
/// @param problem    the problem document of a failed turn
/// @param replacedBy the newest turn that answers the same message anew
/// @param parent     the turn that it follows; null: it begins the conversation
/// @param answers    all turns that answer these words in this place, oldest first, this one too
/// @param wordings   for each wording of the message in this place, oldest first, the newest turn that has it: a person
///                   who changed a message may look at each branch that began there
public record TurnView(
        UUID id,
        UUID conversationId,
        @Nullable String agent,
        @Nullable String model,
        String status,
        String message,
        List<InputFlagView> inputFlags,
        String answer,
        List<String> citations,
        UsageView usage,
        @Nullable String finishReason,
        @Nullable Map<String, Object> problem,
        UUID taskId,
        String traceId,
        @Nullable UUID regenerates,
        @Nullable UUID replacedBy,
        @Nullable UUID parent,
        List<UUID> answers,
        List<UUID> wordings,
        long lastEventId,
        Instant created,
        Instant updated,
        @Nullable Instant completedAt) {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
    private static final TypeReference<List<InputFlagView>> FLAGS = new TypeReference<>() {};

    /// A sign in the message.
    ///
    /// @param kind  `xss`, `sql_injection`, `path_traversal`, `control_characters`, `bidi_override`,
    ///              `replacement_character`
    /// @param score how sure it is, 0 to 1
    /// @param spans where it is
    public record InputFlagView(String kind, double score, List<SpanView> spans) {

        public InputFlagView {
            requireNonNull(kind, "kind");
            spans = List.copyOf(spans);
        }
    }

    /// A part of the message, in UTF-16 units; `to` is exclusive.
    public record SpanView(int from, int to) {}

    /// Tokens, as the backend counted them.
    public record UsageView(int promptTokens, int completionTokens) {}

    public TurnView {
        requireNonNull(id, "id");
        requireNonNull(conversationId, "conversationId");
        requireNonNull(status, "status");
        requireNonNull(message, "message");
        inputFlags = List.copyOf(inputFlags);
        requireNonNull(answer, "answer");
        citations = List.copyOf(citations);
        requireNonNull(usage, "usage");
        requireNonNull(taskId, "taskId");
        requireNonNull(traceId, "traceId");
        answers = List.copyOf(answers);
        wordings = List.copyOf(wordings);
        requireNonNull(created, "created");
        requireNonNull(updated, "updated");
    }

    public static TurnView of(Turn turn) {
        return new TurnView(
                turn.id().value(),
                turn.conversation().value(),
                turn.agent().or(turn::agentAsked).orElse(null),
                turn.model().or(turn::modelAsked).orElse(null),
                turn.status().wire(),
                turn.message(),
                JSON.readValue(turn.inputFlags(), FLAGS),
                turn.answer(),
                List.of(),
                new UsageView(turn.promptTokens(), turn.completionTokens()),
                turn.finishReason().orElse(null),
                turn.problem().map(text -> JSON.readValue(text, OBJECT)).orElse(null),
                turn.task(),
                turn.traceId(),
                turn.regenerates().map(TurnId::value).orElse(null),
                turn.replacedBy().map(TurnId::value).orElse(null),
                turn.parent().map(TurnId::value).orElse(null),
                turn.answers().stream().map(TurnId::value).toList(),
                turn.wordings().stream().map(TurnId::value).toList(),
                turn.lastSeq(),
                turn.created(),
                turn.updated(),
                turn.completedAt().orElse(null));
    }
}
