package dev.steward.assistant.dialogue;

import dev.steward.assistant.agents.Agents;
import dev.steward.base.FieldFault;
import dev.steward.base.StewardException;
import dev.steward.conversations.Conversation;
import dev.steward.models.ModelRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a message, a title, the name of an agent or of a model must be.
final class MessageRules {

    /// Longest message, in characters (CHAT-4).
    static final int MESSAGE_CHARS_MAX = 10_000;

    static final String AGENT_NAMES = "name one of alpha, beta, gamma, delta, epsilon, zeta, eta";

    /// Faults of a message; none: it may be stored.
    List<FieldFault> faults(String field, String message) {
        if (message.isBlank()) {
            return List.of(new FieldFault(field, "required", "write at least one character that can be seen"));
        }
        if (message.length() > MESSAGE_CHARS_MAX) {
            return List.of(new FieldFault(
                    field,
                    "length",
                    "write at most " + MESSAGE_CHARS_MAX + " characters; this has " + message.length()));
        }
        if (!storable(message)) {
            return List.of(new FieldFault(field, "characters", "leave out NUL and halves of surrogate pairs"));
        }
        return List.of();
    }

    List<FieldFault> titleFaults(Optional<String> title) {
        if (title.isEmpty()) {
            return List.of();
        }
        String text = title.get();
        if (text.isBlank() || text.length() > Conversation.TITLE_CHARS_MAX) {
            return List.of(
                    new FieldFault("title", "length", "write 1 to " + Conversation.TITLE_CHARS_MAX + " characters"));
        }
        if (!storable(text) || text.chars().anyMatch(c -> Character.isISOControl(c) || c == '<' || c == '>')) {
            return List.of(new FieldFault("title", "characters", "write one line without < and >"));
        }
        return List.of();
    }

    List<FieldFault> agentFaults(Optional<String> agent) {
        return agent.isEmpty() || Agents.find(agent.get()).isPresent()
                ? List.of()
                : List.of(new FieldFault("agent", "unknown_agent", AGENT_NAMES));
    }

    List<FieldFault> modelFaults(Optional<String> model) {
        try {
            model.ifPresent(ModelRef::parse);
        } catch (IllegalArgumentException _) {
            return List.of(
                    new FieldFault("model", "format", "write a model as backend/model, as GET /models lists them"));
        }
        return model.isPresent() && !storable(model.get())
                ? List.of(new FieldFault("model", "characters", "leave out NUL and halves of surrogate pairs"))
                : List.of();
    }

    /// @throws StewardException `validation_error` with every fault, if there is one
    @SafeVarargs
    static void refuse(List<FieldFault>... faults) {
        List<FieldFault> all = new ArrayList<>();
        for (List<FieldFault> some : faults) {
            all.addAll(some);
        }
        if (!all.isEmpty()) {
            throw StewardException.invalid(all);
        }
    }

    /// PostgreSQL stores neither NUL nor half a surrogate pair.
    static boolean storable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i++;
            } else if (c == 0 || Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }
}
