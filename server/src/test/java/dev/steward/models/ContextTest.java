package dev.steward.models;

import static dev.steward.models.ModelRig.NO_RETRY;
import static dev.steward.models.ModelRig.backend;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.models.Backend.Kind;
import dev.steward.testing.FaultyModelServer;
import dev.steward.testing.ModelFault;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Nothing of what a model is told is left out without a word.
class ContextTest {

    private static ChatRequest question(int chars) {
        return ChatRequest.of(List.of(new ChatMessage(ChatMessage.Speaker.USER, "x".repeat(chars))));
    }

    private static JsonNode sent(FaultyModelServer server) {
        return JsonMapper.shared().readTree(server.bodies().getLast());
    }

    @Test
    void ollamaIsAskedForRoomAndToldToCutNothing() throws Exception {
        try (var server = FaultyModelServer.start();
                ModelRig rig = ModelRig.of(NO_RETRY, backend("a", Kind.OLLAMA, server))) {
            rig.chat(ModelRig.question());

            assertThat(sent(server).at("/options/num_ctx").intValue()).isEqualTo(OllamaChat.CONTEXT_TOKENS_FIRST);
            assertThat(sent(server).path("truncate").booleanValue(true)).isFalse();
            assertThat(sent(server).path("shift").booleanValue(true)).isFalse();
        }
    }

    @Test
    void theRoomGrowsWithTheConversationUpToItsLimitAndNeverShrinks() throws Exception {
        try (var server = FaultyModelServer.start().contextTokens(131_072);
                ModelRig rig = ModelRig.of(NO_RETRY, backend("a", Kind.OLLAMA, server))) {
            rig.backends.lookAtAll();
            rig.chat(question(4_000));
            assertThat(sent(server).at("/options/num_ctx").intValue()).isEqualTo(8_192);
            rig.chat(question(40_000));
            assertThat(sent(server).at("/options/num_ctx").intValue()).isEqualTo(16_384);
            rig.chat(question(400_000));
            assertThat(sent(server).at("/options/num_ctx").intValue()).isEqualTo(16_384);
            rig.chat(question(40));
            assertThat(sent(server).at("/options/num_ctx").intValue()).isEqualTo(16_384);
        }
    }

    @Test
    void aModelIsNeverAskedForMoreThanItHas() throws Exception {
        try (var server = FaultyModelServer.start().contextTokens(2_048);
                ModelRig rig = ModelRig.of(NO_RETRY, backend("a", Kind.OLLAMA, server))) {
            rig.backends.lookAtAll();
            rig.chat(question(40_000));

            assertThat(sent(server).at("/options/num_ctx").intValue()).isEqualTo(2_048);
            assertThat(rig.router.served().getFirst().contextTokens()).hasValue(2_048);
        }
    }

    @Test
    void aModelWithMoreThanTheSettingCountsAsHavingTheSetting() throws Exception {
        try (var server = FaultyModelServer.start().contextTokens(131_072);
                ModelRig rig = ModelRig.of(NO_RETRY, backend("a", Kind.OLLAMA, server))) {
            rig.backends.lookAtAll();

            assertThat(rig.router.served().getFirst().contextTokens()).hasValue(ModelsSettings.OLLAMA_CONTEXT_TOKENS);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aPromptThatOneModelHasNoRoomForGoesToTheNext(Kind kind) throws Exception {
        try (var small = FaultyModelServer.start()
                        .fault(ModelFault.STATUS_400)
                        .refusal("the request exceeds the available context size, try increasing it");
                var large = FaultyModelServer.start();
                ModelRig rig = ModelRig.of(NO_RETRY, backend("small", kind, small), backend("large", kind, large))) {
            ModelRig.Outcome outcome = rig.chat(ModelRig.question());

            assertThat(outcome.text()).isEqualTo(large.answerText());
            assertThat(outcome.failovers().getFirst().message().english()).contains("can't take in so much at once");
            assertThat(small.requests()).isEqualTo(1);
            assertThat(rig.failures("small")).isZero();
        }
    }

    @Test
    void aPromptThatNobodyHasRoomForIsToldAsThat() throws Exception {
        try (var server = FaultyModelServer.start()
                        .fault(ModelFault.STATUS_400)
                        .refusal("This model's maximum context length is 8192 tokens.");
                ModelRig rig = ModelRig.of(NO_RETRY, backend("a", Kind.OPENAI, server))) {
            ModelException failure = rig.chat(ModelRig.question()).failure().orElseThrow();

            assertThat(failure.kind()).isEqualTo(ModelException.Kind.PROMPT_TOO_LONG);
            assertThat(failure.status()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens",
                "the request exceeds the available context size. try increasing the context size",
                "request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it",
                "the input length exceeds the context length",
                "input after truncation exceeds maximum context length",
                "The messages have 9000 tokens; this model holds 8192, and at least 64 of them are kept for the answer.",
                "prompt is too long: 210000 tokens > 200000 maximum",
            })
    void serversSayInTheirOwnWordsThatAPromptHasNoRoom(String message) {
        assertThat(ErrorBody.promptTooLong(message)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "I do not like this request", "model not found", "no context given", "too long"})
    void otherRefusalsAreNotTakenForThat(String message) {
        assertThat(ErrorBody.promptTooLong(message)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "a/m, a/m, true",
        "a/m, a/m:latest, true",
        "a/m:latest, a/m, true",
        "a/m:7b, a/m, false",
        "a/m, b/m, false",
        "a/mm, a/m, false",
        "a/m:latest:latest, a/m, false"
    })
    void aNameWithoutATagIsTheOneWithLatest(String one, String other, boolean same) {
        assertThat(ModelRef.parse(one).names(ModelRef.parse(other))).isEqualTo(same);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/mock-model", "a/mock-model:latest"})
    void aConfiguredNameIsFoundWithAndWithoutLatest(String configured) throws Exception {
        try (var server = FaultyModelServer.start().contextTokens(3_000);
                ModelRig rig = ModelRig.of(NO_RETRY, backend("a", Kind.OLLAMA, server))) {
            rig.backends.lookAtAll();
            try (Answer answer =
                    rig.router.chat(ModelRig.USER, "", List.of(ModelRef.parse(configured)), ModelRig.question())) {
                while (!(answer.next() instanceof AnswerEvent.Done)) {
                    // To its end.
                }
            }

            assertThat(sent(server).at("/options/num_ctx").intValue()).isEqualTo(3_000);
        }
    }
}
