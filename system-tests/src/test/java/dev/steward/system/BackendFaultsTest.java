package dev.steward.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.FaultyModelServer;
import dev.steward.testing.ModelFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Two model servers, the first of which fails in every way there is: what a person gets is one whole answer and
/// one plain line about it.
class BackendFaultsTest {

    @TempDir
    static Path directory;

    private static FaultyModelServer first;
    private static FaultyModelServer second;
    private static StewardProcess steward;
    private static Person person;

    @BeforeAll
    static void start() throws Exception {
        first = FaultyModelServer.start().dripInterval(Duration.ofMillis(200));
        second = FaultyModelServer.start();
        steward = StewardProcess.start(directory, Yaml.COMMON + """
                backends:
                  - {name: first, kind: openai, url: "%s", privacy: local, cost: free}
                  - {name: second, kind: openai, url: "%s", privacy: local, cost: free}
                models:
                  chain: [first/mock-model, second/mock-model]
                  embedded: {install: never}
                  timeouts: {connect_ms: 500, first_token_ms: 1000, between_tokens_ms: 700, total_ms: 20000}
                resilience:
                  breaker: {failure_threshold: 1000}
                  retry: {base_ms: 20, max_ms: 100}
                assistant: {routing_ms: 0}
                """.formatted(first.openAiUrl(), second.openAiUrl()));
        person = Person.register(steward);
    }

    @AfterAll
    static void stop() throws Exception {
        if (steward != null) {
            steward.close();
        }
        first.close();
        second.close();
    }

    /// These are answers, if odd ones.
    @ParameterizedTest
    @EnumSource(names = {"NONE", "KEEP_ALIVE_CLOSED", "USAGE_MISSING", "DONE_MISSING", "STREAM_OPTIONS_REFUSED"})
    void whatIsNoFailureNeedsNoSecondServer(ModelFault oddity) throws Exception {
        first.fault(oddity);
        second.reset();

        Reader reader = Reader.follow(person, person.ask("What is the capital of France?"));

        reader.assertWhole();
        assertThat(reader.text()).isEqualTo(first.answerText());
        assertThat(remarks(reader)).isEmpty();
        assertThat(second.requests()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {
                "NONE",
                "KEEP_ALIVE_CLOSED",
                "USAGE_MISSING",
                "DONE_MISSING",
                "STREAM_OPTIONS_REFUSED",
                "DUPLICATE_CHUNKS",
                "STATUS_400",
                "NEVER_ENDING"
            })
    void anAnswerIsWholeHoweverTheFirstServerFails(ModelFault fault) throws Exception {
        first.fault(fault);

        Reader reader = Reader.follow(person, person.ask("What is the capital of France?"));

        reader.assertWhole();
        assertThat(reader.text()).isEqualTo(second.answerText());
        List<String> remarks = remarks(reader);
        assertThat(remarks.stream().filter(r -> r.matches("(Answered|Continued) by second because first .+\\.")))
                .as("one line says who answers instead: %s", remarks)
                .hasSize(1);
        // Before that, the first may have been asked to go on with what it had begun.
        assertThat(remarks.size()).isLessThanOrEqualTo(2);
        assertThat(remarks).allSatisfy(BackendFaultsTest::assertPlain);
    }

    /// A request that one server refuses would be refused by the next; an answer without end is nobody's answer.
    @ParameterizedTest
    @EnumSource(names = {"STATUS_400", "NEVER_ENDING"})
    void whatNoOtherServerWouldDoBetterFailsWithAPlainSentence(ModelFault fault) throws Exception {
        first.fault(fault);

        String turn = person.ask("What is the capital of France?");
        Person.Event end = Reader.follow(person, turn).await();

        assertThat(end.kind()).isEqualTo("failed");
        String detail = end.data().path("problem").path("detail").asString();
        assertPlain(detail);
        assertThat(detail).contains("kept");
        assertThat(person.turn(turn).path("status").asString()).isEqualTo("failed");
    }

    private static void assertPlain(String sentence) {
        assertThat(sentence)
                .endsWith(".")
                .doesNotContain("Exception", "127.0.0.1", "http", "\n", "null")
                .hasSizeLessThan(300);
    }

    private static List<String> remarks(Reader reader) {
        return reader.events().stream()
                .filter(e -> e.kind().equals("recovery"))
                .map(e -> e.data().path("message").asString())
                .toList();
    }
}
