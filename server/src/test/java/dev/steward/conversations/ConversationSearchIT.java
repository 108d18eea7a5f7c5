package dev.steward.conversations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Page;
import dev.steward.testing.PostgresFixture;
import dev.steward.testing.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConversationSearchIT {

    @AutoClose
    private static final PostgresFixture postgres = PostgresFixture.create();

    private final TestClock clock = new TestClock();
    private ConversationRooms rooms;

    @BeforeEach
    void build() {
        rooms = new ConversationRooms(postgres, clock);
    }

    @AfterEach
    void close() {
        rooms.close();
    }

    @ParameterizedTest
    @CsvSource({
        "Where is the Café Central?, cafe",
        "Where is the Café Central?, CENT",
        "Where is the Café Central?, central where",
        "Привет из Москвы, москв",
        "Ich wohne in der Große Straße, GROẞE",
        "我住在东京, 东京",
        "Run foo-bar.sh 3.14 times, bar.sh",
        "Überraschung, uberr"
    })
    void messagesAreFoundByTheBeginningsOfTheirWordsInAnyLanguage(String message, String question) {
        ConversationId conversation = said(message, "Fine.");

        assertThat(search(question)).extracting(f -> f.conversation().id()).containsExactly(conversation);
    }

    @Test
    void answersAreFoundTooAndTheHitSaysWhereTheWordsAre() {
        ConversationId conversation = said("What is it?", "It is a wombat, an animal of Australia.");

        FoundConversation found = search("wombat").getFirst();

        assertThat(found.conversation().id()).isEqualTo(conversation);
        FoundConversation.Hit hit = found.hit().orElseThrow();
        assertThat(hit.byPerson()).isFalse();
        assertThat(hit.text()).isEqualTo("It is a wombat, an animal of Australia.");
        assertThat(hit.marks()).containsExactly(new FoundConversation.Span(8, 14));
    }

    @Test
    void titlesAreFoundWithoutAHit() {
        ConversationId conversation = rooms.conversations
                .create(rooms.owner, new ConversationId(rooms.ids.next()), Optional.of("Holidays"), Optional.empty())
                .id();

        assertThat(search("holi"))
                .containsExactly(
                        new FoundConversation(rooms.conversations.find(rooms.owner, conversation), Optional.empty()));
    }

    @Test
    void allWordsMustBeInOneMessage() {
        said("apples", "pears");

        assertThat(search("apples pears")).isEmpty();
        assertThat(search("oranges")).isEmpty();
        assertThat(search("pples")).isEmpty();
    }

    @Test
    void nobodyFindsWhatAnotherPersonSaidOrWhatIsDeleted() {
        ConversationId conversation = said("A secret", "Hush.");
        try (var stranger = new ConversationRooms(postgres, clock)) {
            assertThat(stranger.conversations
                            .search(stranger.owner, "secret", Optional.empty(), Optional.empty(), Optional.empty(), 10)
                            .items())
                    .isEmpty();
        }
        rooms.conversations.delete(rooms.owner, conversation);
        assertThat(search("secret")).isEmpty();
    }

    @Test
    void whatIsFoundIsListedPageByPageNewestChangeFirst() {
        for (int i = 0; i < 5; i++) {
            clock.advance(Duration.ofSeconds(1));
            said("A needle " + i, "Found.");
        }

        Page<FoundConversation> first = page(Optional.empty(), 3);
        Page<FoundConversation> rest = rooms.conversations.search(
                rooms.owner, "needle", Optional.empty(), Optional.empty(), first.nextCursor(), 3);

        assertThat(first.items())
                .extracting(f -> f.conversation().title())
                .containsExactly("A needle 4", "A needle 3", "A needle 2");
        assertThat(rest.items()).extracting(f -> f.conversation().title()).containsExactly("A needle 1", "A needle 0");
        assertThat(rest.nextCursor()).isEmpty();
        assertThat(page(Optional.of(true), 3).items()).isEmpty();
    }

    @Test
    void aMessageOfAnySizeAndShapeCanBeStored() {
        var text = new StringBuilder();
        for (int i = 0; i < 60_000; i++) {
            text.append("\ufdfa").append(Integer.toString(i, 36)).append(' ');
        }
        ConversationId conversation = said("Much", text.toString());

        assertThat(search("much")).extracting(f -> f.conversation().id()).containsExactly(conversation);
    }

    private Page<FoundConversation> page(Optional<Boolean> pinned, int limit) {
        return rooms.conversations.search(rooms.owner, "needle", pinned, Optional.empty(), Optional.empty(), limit);
    }

    private List<FoundConversation> search(String question) {
        return rooms.conversations
                .search(rooms.owner, question, Optional.empty(), Optional.empty(), Optional.empty(), 10)
                .items();
    }

    private ConversationId said(String message, String answer) {
        ConversationId conversation = rooms.conversation();
        Turn turn = rooms.turns.accept(rooms.message(conversation, message)).turn();
        rooms.turns.start(turn.id(), 1);
        rooms.turns.complete(
                turn,
                1,
                new Turns.Completion("test/model", answer, 1, 1, "stop"),
                List.of(EventDraft.token(answer), EventDraft.completed(1, 1, "stop")));
        return conversation;
    }
}
