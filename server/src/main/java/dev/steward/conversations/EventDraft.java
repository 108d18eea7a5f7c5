package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Wording;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// An event that is not written yet, so it has no number.
///
/// @param data a JSON object that PostgreSQL's `jsonb` accepts: no NUL, no lone surrogate
public record EventDraft(TurnEventKind kind, String data) {

    private static final JsonMapper JSON = JsonMapper.shared();

    public EventDraft {
        requireNonNull(kind, "kind");
        requireNonNull(data, "data");
    }

    public static EventDraft started() {
        return new EventDraft(TurnEventKind.STARTED, "{}");
    }

    public static EventDraft agent(String name, Wording why) {
        return of(TurnEventKind.AGENT, Map.of("name", name, "why", why.english(), "words", why.phrases()));
    }

    /// @param level   1 immediate retry, 2 backoff retry, 3 fallback, 4 degraded, 5 manual
    /// @param message plain sentences for the reader
    public static EventDraft recovery(int level, String strategy, String outcome, Wording message) {
        return of(
                TurnEventKind.RECOVERY,
                Map.of(
                        "level",
                        level,
                        "strategy",
                        strategy,
                        "outcome",
                        outcome,
                        "message",
                        message.english(),
                        "words",
                        message.phrases()));
    }

    /// @param message one plain sentence for the reader
    /// @param read    tokens of the prompt that are read
    /// @param total   tokens of the prompt; 0 when not known
    public static EventDraft status(Wording message, int read, int total) {
        return of(
                TurnEventKind.STATUS,
                Map.of("message", message.english(), "words", message.phrases(), "read", read, "total", total));
    }

    public static EventDraft token(String text) {
        return of(TurnEventKind.TOKEN, Map.of("text", text));
    }

    /// @param offset in UTF-16 code units from the answer's beginning
    public static EventDraft reset(int offset) {
        return of(TurnEventKind.RESET, Map.of("offset", offset));
    }

    public static EventDraft completed(int promptTokens, int completionTokens, String finishReason) {
        return of(
                TurnEventKind.COMPLETED,
                Map.of(
                        "usage",
                        Map.of("prompt_tokens", promptTokens, "completion_tokens", completionTokens),
                        "citations",
                        List.of(),
                        "finish_reason",
                        finishReason));
    }

    /// @param problem a JSON object: the problem document
    public static EventDraft failed(String problem) {
        return of(TurnEventKind.FAILED, Map.of("problem", JSON.readTree(problem)));
    }

    public static EventDraft cancelled() {
        return new EventDraft(TurnEventKind.CANCELLED, "{}");
    }

    private static EventDraft of(TurnEventKind kind, Map<String, ?> data) {
        return new EventDraft(kind, JSON.writeValueAsString(data));
    }
}
