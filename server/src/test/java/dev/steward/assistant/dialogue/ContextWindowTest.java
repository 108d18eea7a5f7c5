package dev.steward.assistant.dialogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.assistant.agents.Agents;
import dev.steward.base.UserId;
import dev.steward.conversations.ConversationId;
import dev.steward.conversations.Summary;
import dev.steward.conversations.Turn;
import dev.steward.conversations.TurnId;
import dev.steward.conversations.TurnStatus;
import dev.steward.models.ChatMessage;
import dev.steward.models.Tokens;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContextWindowTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 11, 21);

    @Test
    void theNewestTurnsThatFitAreToldAndTheRestIsCounted() {
        List<Turn> history = IntStream.rangeClosed(1, 50)
                .mapToObj(i -> turn(i, "x".repeat(800)))
                .toList();

        ContextWindow window = window(history, Optional.empty(), 4_096);

        assertThat(ContextWindow.tokens(window.messages()) + ContextWindow.ANSWER_TOKENS)
                .isLessThanOrEqualTo(4_096);
        assertThat(window.left()).isBetween(30, 45);
        assertThat(window.filled()).isGreaterThan(1);
        assertThat(window.messages())
                .extracting(ChatMessage::content)
                .contains("question 50")
                .doesNotContain("question 1");
    }

    @Test
    void personaComesFirstSummaryNextDateAndMessageLast() {
        ContextWindow window = window(
                List.of(turn(3, "answer")),
                Optional.of(new Summary(new TurnId(UUID.randomUUID()), 2, "They talked.")),
                4_096);

        assertThat(window.messages().getFirst().content()).isEqualTo(Agents.ALPHA.persona());
        assertThat(window.messages().get(1).content()).contains("They talked.");
        assertThat(window.messages().get(window.messages().size() - 2).content())
                .isEqualTo("Today is Saturday, 2026-11-21.");
        assertThat(window.messages().getLast().content()).isEqualTo("Hi");
    }

    @Test
    void aMessageThatLeavesNoRoomIsToldAllTheSame() {
        ContextWindow window = ContextWindow.build(
                Agents.ALPHA, Optional.empty(), List.of(turn(1, "answer")), List.of(), TODAY, "中".repeat(5_000), 512);

        assertThat(window.left()).isEqualTo(1);
        assertThat(window.messages().getLast().content()).hasSize(5_000);
    }

    @Test
    void tokensAreEstimatedOnTheSafeSide() {
        assertThat(Tokens.of("abcd")).isEqualTo(1);
        assertThat(Tokens.of("abcde")).isEqualTo(2);
        assertThat(Tokens.of("中文")).isEqualTo(2);
        assertThat(Tokens.of("Привет")).isEqualTo(3);
    }

    private static ContextWindow window(List<Turn> history, Optional<Summary> summary, int contextTokens) {
        return ContextWindow.build(Agents.ALPHA, summary, history, List.of(), TODAY, "Hi", contextTokens);
    }

    private static Turn turn(int slot, String answer) {
        return new Turn(
                new TurnId(UUID.randomUUID()),
                new ConversationId(UUID.randomUUID()),
                new UserId(UUID.randomUUID()),
                slot,
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                UUID.randomUUID(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("alpha"),
                Optional.empty(),
                TurnStatus.COMPLETED,
                0,
                1,
                "question " + slot,
                "[]",
                answer,
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                "request-1",
                Instant.EPOCH,
                Instant.EPOCH,
                Optional.empty());
    }
}
