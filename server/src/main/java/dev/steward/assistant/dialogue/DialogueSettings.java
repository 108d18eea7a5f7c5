package dev.steward.assistant.dialogue;

import static java.util.Objects.requireNonNull;

import dev.steward.config.Section;
import dev.steward.config.Setting;
import java.time.Duration;

/// How the assistant goes about a conversation; section `assistant`.
public record DialogueSettings(
        @Setting(
                value = "How long a question may wait for a model to come back, in milliseconds, 1 minute to 30 days.",
                fallback = "86400000")
        Duration waitForModel,

        @Setting(
                value = "How long a model may take to choose an agent, in milliseconds; 0: no model is asked.",
                fallback = "2000")
        Duration routing,

        @Setting(value = "How long an agent may take to give advice to another, in milliseconds.", fallback = "30000")
        Duration advice,

        @Setting(value = "Answers that are given at once in this process, 1 to 10000.", fallback = "256")
        int answersMax) {

    public static final Section<DialogueSettings> SECTION = new Section<>("assistant", DialogueSettings.class);

    public DialogueSettings {
        requireNonNull(waitForModel, "waitForModel");
        requireNonNull(routing, "routing");
        requireNonNull(advice, "advice");
        if (waitForModel.compareTo(Duration.ofMinutes(1)) < 0 || waitForModel.compareTo(Duration.ofDays(30)) > 0) {
            throw new IllegalArgumentException("wait_for_model_ms must be 60000 (1 minute) to 2592000000 (30 days)");
        }
        if (routing.isNegative() || routing.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("routing_ms must be 0 to 60000");
        }
        if (!advice.isPositive() || advice.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException("advice_ms must be 1 to 300000");
        }
        if (answersMax < 1 || answersMax > 10_000) {
            throw new IllegalArgumentException("answers_max must be 1 to 10000");
        }
    }

    public static DialogueSettings defaults() {
        return new DialogueSettings(Duration.ofDays(1), Duration.ofSeconds(2), Duration.ofSeconds(30), 256);
    }
}
