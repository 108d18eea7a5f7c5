package dev.steward.models.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.UserId;
import dev.steward.components.ComponentRegistry;
import dev.steward.config.Home;
import dev.steward.http.EgressConfig;
import dev.steward.http.EgressPool;
import dev.steward.models.Answer;
import dev.steward.models.AwayBackend;
import dev.steward.models.Backend;
import dev.steward.models.BackendRegistry;
import dev.steward.models.BackendsSettings;
import dev.steward.models.ChatRequest;
import dev.steward.models.ModelGateway;
import dev.steward.models.ModelRef;
import dev.steward.models.ModelsSettings;
import dev.steward.models.ServedModel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

class EmbeddedModuleTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path home;

    @Test
    void theModuleIsBuiltStartedAndStopped() {
        var embedded = new ModelsSettings.Embedded(
                ModelsSettings.Embedded.Install.NEVER,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                4096,
                Duration.ofMinutes(15));
        var second = Duration.ofSeconds(1);
        var settings =
                new ModelsSettings(List.of(), embedded, new ModelsSettings.Timeouts(second, second, second, second));
        try (var context = new AnnotationConfigApplicationContext()) {
            context.registerBean(Home.class, () -> new Home(home));
            context.registerBean(ModelsSettings.class, () -> settings);
            context.registerBean(BackendsSettings.class, () -> new BackendsSettings(List.of()));
            context.registerBean(EgressPool.class, () -> new EgressPool(new EgressConfig(List.of())));
            context.registerBean(BackendRegistry.class, NoBackends::new);
            context.registerBean(ModelGateway.class, NoModels::new);
            context.registerBean(InstantSource.class, InstantSource::system);
            context.registerBean(ComponentRegistry.class, () -> new ComponentRegistry(InstantSource.system()));
            context.register(EmbeddedModule.class);
            context.refresh();

            assertThat(context.getBean(ModelLibrary.class).list())
                    .extracting(ModelEntry::state)
                    .containsOnly(ModelEntry.State.ABSENT);
        }
        assertThat(home.resolve("models/run")).isDirectory();
    }

    private static final class NoBackends implements BackendRegistry {

        @Override
        public void add(Backend backend) {}

        @Override
        public void remove(String name) {}
    }

    private static final class NoModels implements ModelGateway {

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
            return List.of();
        }

        @Override
        public List<ModelRef> defaultChain() {
            return List.of();
        }
    }
}
