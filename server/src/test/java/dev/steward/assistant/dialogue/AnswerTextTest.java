package dev.steward.assistant.dialogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.assistant.input.InputSettings;
import dev.steward.assistant.input.InputValidator;
import dev.steward.base.Wording;
import dev.steward.conversations.EventDraft;
import dev.steward.conversations.TurnEventKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class AnswerTextTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String ALPHABET = "ab é中\u0000\uD83D\uDE00\n\"\\";

    @Test
    void tokensWithResetsAppliedAlwaysEqualTheText() {
        for (long seed = 0; seed < 2_000; seed++) {
            var random = new Random(seed);
            String before = random.nextBoolean() ? "" : "what was said before";
            var text = new AnswerText(before);
            List<EventDraft> written = new ArrayList<>();
            for (int step = 0; step < 40; step++) {
                switch (random.nextInt(6)) {
                    case 0 -> text.reset(random.nextInt(60) - 5);
                    case 1 -> written.addAll(text.drain());
                    case 2 ->
                        text.note(EventDraft.recovery(1, "retry", "success", new Wording("once more", List.of())));
                    default -> text.append(piece(random));
                }
            }
            text.finish();
            written.addAll(text.drain());

            assertThat(replay(before, written)).as("seed %d", seed).isEqualTo(text.text());
            assertThat(storable(text.text())).as("seed %d", seed).isTrue();
            assertThat(written).as("seed %d", seed).allMatch(e -> !e.data().equals("{\"text\":\"\"}"));
        }
    }

    @Test
    void halvesOfAPairThatComeApartAreJoined() {
        var text = new AnswerText("");
        text.append("a\uD83D");
        assertThat(replay("", text.drain())).isEqualTo("a");
        text.append("\uDE00b");
        text.finish();

        assertThat(text.text()).isEqualTo("a😀b");
    }

    @Test
    void whatPostgresRefusesIsReplacedOneForOne() {
        var text = new AnswerText("");
        text.append("a\u0000b\uDE00c\uD83D");
        text.finish();

        assertThat(text.text()).isEqualTo("a\uFFFDb\uFFFDc\uFFFD");
    }

    @Test
    void aGiganticTokenBecomesSeveralEvents() {
        var text = new AnswerText("");
        text.append("😀".repeat(50_000));

        List<EventDraft> events = text.drain();
        assertThat(events).hasSizeGreaterThan(20);
        assertThat(replay("", events)).isEqualTo(text.text());
        assertThat(events)
                .allMatch(e -> storable(JSON.readTree(e.data()).path("text").asString()));
    }

    private static boolean storable(String text) {
        return new InputValidator(InputSettings.defaults())
                .textFaults("text", text, Integer.MAX_VALUE)
                .isEmpty();
    }

    private static String piece(Random random) {
        var piece = new StringBuilder();
        for (int i = random.nextInt(8); i >= 0; i--) {
            piece.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return piece.toString();
    }

    private static String replay(String before, List<EventDraft> events) {
        var text = new StringBuilder(before);
        for (EventDraft event : events) {
            if (event.kind() == TurnEventKind.TOKEN) {
                text.append(JSON.readTree(event.data()).path("text").asString());
            } else if (event.kind() == TurnEventKind.RESET) {
                int offset = JSON.readTree(event.data()).path("offset").asInt();
                assertThat(offset).isLessThanOrEqualTo(text.length());
                text.setLength(offset);
            }
        }
        return text.toString();
    }
}
