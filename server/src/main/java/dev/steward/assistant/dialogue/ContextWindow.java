package dev.steward.assistant.dialogue;

import dev.steward.assistant.agents.Agent;
import dev.steward.conversations.Summary;
import dev.steward.conversations.Turn;
import dev.steward.models.ChatMessage;
import dev.steward.models.Tokens;
import java.time.LocalDate;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a model is told: persona, summary of what is long ago, as much of the dialogue as fits, advice of other
/// agents, today's date, the message. What changes often comes last, so that a backend can keep the beginning in
/// its prefix cache.
///
/// @param messages for the model, oldest first
/// @param left     turns of the dialogue that did not fit
/// @param kept     turns of the dialogue that are among the messages
/// @param filled   how much of the room for the dialogue is used, 0 to 1 and above
record ContextWindow(List<ChatMessage> messages, int left, int kept, double filled) {

    /// Tokens of one answer that room is kept for, unless the whole context is small.
    static final int ANSWER_TOKENS = 1_024;

    /// What a backend that doesn't say can take: the default of Ollama.
    static final int CONTEXT_TOKENS_UNKNOWN = 4_096;

    /// 50,000 characters (CHAT-4): more costs much and helps little.
    static final int CONTEXT_TOKENS_MAX = 12_500;

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

        int room =
                Math.min(contextTokens, CONTEXT_TOKENS_MAX) - answerTokens(contextTokens) - tokens(head) - tokens(tail);
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
        return new ContextWindow(all, history.size() - fitting, fitting, filled);
    }

    /// How many tokens a message may have at most in a context, beside what every question brings along.
    static int roomForMessage(Agent agent, int contextTokens) {
        return contextTokens
                - answerTokens(contextTokens)
                - tokens(List.of(system(agent.persona()), system("Today is Wednesday, 2026-01-01."), system("")));
    }

    private static int answerTokens(int contextTokens) {
        return Math.min(ANSWER_TOKENS, contextTokens / 4);
    }

    static List<ChatMessage> dialogue(Turn turn) {
        var answer = new ChatMessage(ChatMessage.Speaker.ASSISTANT, turn.answer());
        // Steward may have spoken of its own accord, such as a reminder.
        return turn.message().isEmpty()
                ? List.of(answer)
                : List.of(new ChatMessage(ChatMessage.Speaker.USER, turn.message()), answer);
    }

    static int tokens(List<ChatMessage> messages) {
        return Tokens.of(messages);
    }

    private static ChatMessage system(String text) {
        return new ChatMessage(ChatMessage.Speaker.SYSTEM, text);
    }
}
