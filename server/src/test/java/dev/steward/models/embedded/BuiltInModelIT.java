package dev.steward.models.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.components.ComponentRegistry;
import dev.steward.components.ComponentStatus;
import dev.steward.models.Backend;
import dev.steward.models.BackendRegistry;
import dev.steward.models.ModelsSettings;
import dev.steward.testing.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuiltInModelIT {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path home;

    private final AtomicBoolean othersServe = new AtomicBoolean();
    private final ConcurrentHashMap<String, Backend> backends = new ConcurrentHashMap<>();
    private final ComponentRegistry components = new ComponentRegistry(InstantSource.system());

    @Test
    void aConfiguredFileIsOfferedAsABackendThatAnswers() throws Exception {
        Path file = TestModels.smol();
        try (var builtIn = start(settings(ModelsSettings.Embedded.Install.NEVER, Optional.of(file)))) {
            Eventually.until("the backend is offered", () -> backends.containsKey("embedded"));
            Backend backend = java.util.Objects.requireNonNull(backends.get("embedded"));
            assertThat(backend.privacy()).isEqualTo(Backend.Privacy.LOCAL);
            try (var door =
                    new DoorClient(backend.url(), backend.apiKey().orElseThrow().value())) {
                assertThat(door.get("/v1/models").body()).contains("\"context_length\":2048");
                assertThat(door.chat("{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"max_tokens\": 2}")
                                .statusCode())
                        .isEqualTo(200);
            }
            assertThat(builtIn).isNotNull();
        }
    }

    @Test
    void aStrangerIsRefused() throws Exception {
        Path file = TestModels.smol();
        try (var builtIn = start(settings(ModelsSettings.Embedded.Install.NEVER, Optional.of(file)))) {
            Eventually.until("the backend is offered", () -> backends.containsKey("embedded"));
            try (var door = new DoorClient(
                    java.util.Objects.requireNonNull(backends.get("embedded")).url(), "guessed")) {
                assertThat(door.get("/v1/models").statusCode()).isEqualTo(401);
            }
            assertThat(builtIn).isNotNull();
        }
    }

    @Test
    void withoutAnyModelThePersonIsToldWhatToDo() throws Exception {
        try (var builtIn = start(settings(ModelsSettings.Embedded.Install.NEVER, Optional.empty()))) {
            Eventually.until(
                    "the component tells",
                    () -> statuses().stream().anyMatch(s -> s.message().contains("steward model install")));
            assertThat(backends).isEmpty();
            assertThat(builtIn).isNotNull();
        }
    }

    @Test
    void aMissingFileIsNamed() throws Exception {
        Path file = home.resolve("nowhere.gguf");
        try (var builtIn = start(settings(ModelsSettings.Embedded.Install.AUTO, Optional.of(file)))) {
            Eventually.until(
                    "the component tells",
                    () -> statuses().stream().anyMatch(s -> s.message().contains("nowhere.gguf")));
            assertThat(builtIn).isNotNull();
        }
    }

    private List<ComponentStatus> statuses() {
        return components.statuses();
    }

    private static ModelsSettings.Embedded settings(ModelsSettings.Embedded.Install install, Optional<Path> file) {
        return new ModelsSettings.Embedded(install, Optional.empty(), file, List.of(), 2048, Duration.ZERO);
    }

    private BuiltInModel start(ModelsSettings.Embedded settings) throws IOException {
        Path work = home.resolve("run");
        var health = new BuiltInModel.Health(components);
        var model = new EmbeddedModel(
                new PidFile(work.resolve("model.pid")), EmbeddedModel.Limits.of(Duration.ZERO), health);
        var server = new EmbeddedModelServer(model, "secret", InstantSource.system(), () -> "1");
        var installer = new ModelInstaller(
                home.resolve("models"),
                (_, _, _) -> {
                    throw new IOException("nothing is fetched in this test");
                },
                _ -> Long.MAX_VALUE);
        var library = new ModelLibrary(Catalogue.shipped(), installer, home.resolve("models"));
        var registry = new BackendRegistry() {
            @Override
            public void add(Backend backend) {
                backends.put(backend.name(), backend);
            }

            @Override
            public void remove(String name) {
                backends.remove(name);
            }
        };
        var builtIn = new BuiltInModel(
                settings,
                library,
                model,
                server,
                "secret",
                registry,
                othersServe::get,
                Requirements.ofThisMachine(),
                health,
                work);
        builtIn.start();
        return builtIn;
    }
}
