package dev.steward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.UserId;
import dev.steward.components.Component;
import dev.steward.components.ComponentRegistry;
import dev.steward.components.Tier;
import dev.steward.models.Answer;
import dev.steward.models.AwayBackend;
import dev.steward.models.ChatRequest;
import dev.steward.models.ModelGateway;
import dev.steward.models.ModelRef;
import dev.steward.models.ServedModel;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ModelNewsTest {

    private final List<ServedModel> served = new ArrayList<>();
    private final ComponentRegistry components = new ComponentRegistry(InstantSource.system());
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ModelNews news =
            new ModelNews(new Served(), components, new PrintStream(out, true, StandardCharsets.UTF_8), false);

    @Test
    void theModelThatAnswersIsNamedWithWhereItIs() {
        served.add(new ServedModel(new ModelRef("cloud", "big"), true, true, OptionalInt.empty()));

        assertThat(news.tell(false)).isTrue();
        assertThat(lines()).containsExactly("  model    cloud/big (remote)");
    }

    @Test
    void progressOfAnInstallationIsToldInStepsOfTen() {
        Component component = components.register("embedded-model", Tier.EXTENDED);
        for (int percent : new int[] {1, 5, 11, 14}) {
            component.degraded(
                    "The basic built-in model is being installed: " + percent + " % of 9 MB, 4." + percent + " MB/s.");
            assertThat(news.tell(true)).isFalse();
        }
        served.add(new ServedModel(new ModelRef("embedded", "small"), false, false, OptionalInt.empty()));
        assertThat(news.tell(true)).isTrue();

        assertThat(lines())
                .containsExactly(
                        "  model    The basic built-in model is being installed: 1 % of 9 MB, 4.1 MB/s.",
                        "  model    The basic built-in model is being installed: 11 % of 9 MB, 4.11 MB/s.",
                        "  model    embedded/small (basic built-in model, on this machine)");
    }

    @Test
    void atATerminalProgressIsOneLineThatIsWrittenOver() {
        var live = new ModelNews(new Served(), components, new PrintStream(out, true, StandardCharsets.UTF_8), true);
        Component component = components.register("embedded-model", Tier.EXTENDED);
        component.degraded("Being installed: 1 %.");
        live.tell(true);
        component.degraded("Being installed: 2 %.");
        live.tell(true);
        live.tell(true);
        served.add(new ServedModel(new ModelRef("embedded", "small"), false, false, OptionalInt.empty()));
        live.tell(true);

        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("\r\033[K  model    Being installed: 1 %.\r\033[K  model    Being installed: 2 %."
                        + "\r\033[K  model    embedded/small (basic built-in model, on this machine)"
                        + System.lineSeparator());
    }

    @Test
    void withoutAModelItSaysWhatHappensToQuestions() {
        assertThat(news.tell(false)).isFalse();
        assertThat(lines()).isEmpty();

        assertThat(news.tell(true)).isFalse();
        assertThat(news.tell(true)).isFalse();
        assertThat(lines()).singleElement().asString().contains("questions are kept");
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private final class Served implements ModelGateway {

        @Override
        public Answer chat(UserId user, String caller, List<ModelRef> chain, ChatRequest request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<AwayBackend> away() {
            return List.of();
        }

        @Override
        public List<ServedModel> embedders() {
            return List.of();
        }

        @Override
        public List<ServedModel> served() {
            return served;
        }

        @Override
        public List<ModelRef> defaultChain() {
            return served.stream().map(ServedModel::ref).toList();
        }
    }
}
