package dev.steward.assistant.dialogue;

import static java.util.Objects.requireNonNull;

import dev.steward.assistant.agents.Agent;
import dev.steward.conversations.Summary;
import dev.steward.conversations.Turn;
import dev.steward.models.ChatMessage;
import java.time.LocalDate;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a model is told: persona, summary of what is long ago, as much of the dialogue as fits, advice of other
/// agents,
/// today's date, the message. What changes often comes last, so that a backend can keep the beginning in its
/// prefix
/// cache.
///
/// @param messages for the model, oldest first
/// @param left     turns of the dialogue that did not fit
/// @param filled   how much of the room for the dialogue is used, 0 to 1 and above
record ContextWindow(List<ChatMessage> messages, int left, double filled) {

    /// Tokens of one answer that room is kept for, unless the whole context is small.
    static final int ANSWER_TOKENS = 1_024;

    /// What a backend that doesn't say can take: the default of Ollama.
    static final int CONTEXT_TOKENS_UNKNOWN = 4_096;

    /// 50,000 characters (CHAT-4): more costs much and helps little.
    static final int CONTEXT_TOKENS_MAX = 12_500;

    /// What roles and separators of one message cost.
    private static final int MESSAGE_TOKENS = 4;

    ContextWindow {
        messages = List.copyOf(messages);
    }

    /// @param contextTokens what the model takes, question and answer together
    /// @param history       earlier turns, oldest first, without those in the summary
    static ContextWindow build(
            Agent agent,
            Optional<Summary> summary,
            List<Turn> history,
            List<String> advice,
            LocalDate today,
            String message,
            int contextTokens) {
        List<ChatMessage> head = new ArrayList<>();
        head.add(system(agent.persona()));
        summary.ifPresent(s -> head.add(system("What was said before, in short: " + s.text())));
        List<ChatMessage> tail = new ArrayList<>();
        advice.forEach(text -> tail.add(system(text)));
        tail.add(system("Today is " + today.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH) + ", " + today
                + "."));
        tail.add(new ChatMessage(ChatMessage.Speaker.USER, message));

        int room = Math.min(contextTokens, CONTEXT_TOKENS_MAX)
                - Math.min(ANSWER_TOKENS, contextTokens / 4)
                - tokens(head)
                - tokens(tail);
        int wanted = 0;
        int fitting = 0;
        for (int i = history.size() - 1; i >= 0; i--) {
            int cost = tokens(dialogue(history.get(i)));
            wanted += cost;
            if (wanted <= room) {
                fitting++;
            }
        }
        List<ChatMessage> all = new ArrayList<>(head);
        history.subList(history.size() - fitting, history.size()).forEach(turn -> all.addAll(dialogue(turn)));
        all.addAll(tail);
        double filled = room > 0 ? (double) wanted / room : (history.isEmpty() ? 0 : 1);
        return new ContextWindow(all, history.size() - fitting, filled);
    }

    static List<ChatMessage> dialogue(Turn turn) {
        var answer = new ChatMessage(ChatMessage.Speaker.ASSISTANT, turn.answer());
        // Steward may have spoken of its own accord, such as a reminder.
        return turn.message().isEmpty()
                ? List.of(answer)
                : List.of(new ChatMessage(ChatMessage.Speaker.USER, turn.message()), answer);
    }

    static int tokens(List<ChatMessage> messages) {
        return messages.stream()
                .mapToInt(m -> MESSAGE_TOKENS + tokens(m.content()))
                .sum();
    }

    /// An estimate on the safe side: four ASCII characters a token, and a token for every other character.
    static int tokens(String text) {
        requireNonNull(text, "text");
        int ascii = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < 128) {
                ascii++;
            }
        }
        return (ascii + 3) / 4 + (text.length() - ascii);
    }

    private static ChatMessage system(String text) {
        return new ChatMessage(ChatMessage.Speaker.SYSTEM, text);
    }
}
