package dev.steward.models;

import static dev.steward.models.ModelRig.backend;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steward.base.Wording;
import dev.steward.components.ComponentStatus;
import dev.steward.testing.Eventually;
import dev.steward.testing.FaultyModelServer;
import dev.steward.testing.ModelFault;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackendsTest {

    private static Backend as(Backend backend, String name, Backend.Privacy privacy, Backend.Cost cost) {
        return new Backend(
                name, backend.kind(), backend.url(), Optional.empty(), privacy, cost, backend.continuation());
    }

    @Test
    void aLookTellsModelsAndContextOfBothProtocols() throws Exception {
        try (var server = FaultyModelServer.start();
                ModelRig rig = ModelRig.discovering(new Discovery(
                        true,
                        List.of(backend("a", Backend.Kind.OLLAMA, server), backend("b", Backend.Kind.OPENAI, server)),
                        Optional.empty()))) {
            rig.backends.lookAtAll();

            assertThat(rig.router.served())
                    .extracting(model -> model.ref().toString())
                    .containsExactly("a/mock-model", "b/mock-model");
            assertThat(rig.router.served().getFirst().contextTokens()).hasValue(8192);
            assertThat(rig.router.defaultChain()).hasSize(2);
            assertThat(rig.component.status().state()).isEqualTo(ComponentStatus.State.UP);
        }
    }

    @Test
    void aBackendThatGoesIsSeenToBeGoneAndComesBack() throws Exception {
        try (var server = FaultyModelServer.start();
                ModelRig rig = ModelRig.discovering(
                        new Discovery(true, List.of(backend("a", Backend.Kind.OLLAMA, server)), Optional.empty()))) {
            rig.backends.lookAtAll();
            server.fault(ModelFault.REFUSE_CONNECTIONS);
            rig.backends.lookAtAll();

            assertThat(rig.router.served()).isEmpty();
            assertThat(rig.router.defaultChain()).isEmpty();
            assertThat(rig.router.away()).singleElement().satisfies(away -> {
                assertThat(away.name()).isEqualTo("a");
                assertThat(away.served())
                        .extracting(model -> model.ref().model())
                        .containsExactly("mock-model");
            });
            String message = rig.component.status().message();
            assertThat(message).contains("a refused the connection");
            assertThat(Wording.read(message).phrases())
                    .extracting(Wording.Phrase::code)
                    .containsExactly("backend_refuses", "questions_kept");

            server.fault(ModelFault.NONE);
            rig.backends.lookAtAll();

            assertThat(rig.router.away()).isEmpty();
            assertThat(rig.router.defaultChain()).hasSize(1);
            assertThat(rig.component.status().state()).isEqualTo(ComponentStatus.State.UP);
        }
    }

    @Test
    void anAddressWhereNothingWasEverFoundIsNoBackendThatIsAway() throws Exception {
        try (var server = FaultyModelServer.start();
                ModelRig found = ModelRig.discovering(
                        new Discovery(false, List.of(backend("a", Backend.Kind.OLLAMA, server)), Optional.empty()));
                ModelRig named = ModelRig.discovering(
                        new Discovery(true, List.of(backend("a", Backend.Kind.OLLAMA, server)), Optional.empty()))) {
            server.fault(ModelFault.REFUSE_CONNECTIONS);
            found.backends.lookAtAll();
            named.backends.lookAtAll();

            assertThat(found.router.away()).isEmpty();
            assertThat(named.router.away()).containsExactly(new AwayBackend("a", List.of()));
        }
    }

    @Test
    void aBackendThatAppearsAtRunTimeAnswers() throws Exception {
        try (var server = FaultyModelServer.start();
                ModelRig rig = ModelRig.discovering(new Discovery(false, List.of(), Optional.empty()))) {
            rig.backends.start();
            rig.backends.add(backend("embedded", Backend.Kind.OPENAI, server));

            Eventually.until("it is seen", () -> !rig.router.served().isEmpty());
            assertThat(rig.chat(ModelRig.question()).text()).isEqualTo(server.answerText());

            rig.backends.remove("embedded");
            assertThat(rig.router.served()).isEmpty();
        }
    }

    @Test
    void theConfigurationsNamesAreTaken() throws Exception {
        try (var server = FaultyModelServer.start();
                ModelRig rig = ModelRig.discovering(
                        new Discovery(true, List.of(backend("a", Backend.Kind.OLLAMA, server)), Optional.empty()))) {
            assertThatThrownBy(() -> rig.backends.add(backend("a", Backend.Kind.OPENAI, server)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void withoutAChainNothingGoesFurtherAwayThanTheFirstBackend() throws Exception {
        try (var server = FaultyModelServer.start()) {
            Backend base = backend("x", Backend.Kind.OPENAI, server);
            Backend home = as(base, "home", Backend.Privacy.LOCAL, Backend.Cost.FREE);
            Backend cloud = as(base, "cloud", Backend.Privacy.REMOTE, Backend.Cost.PAID);
            Backend other = as(base, "other", Backend.Privacy.LOCAL, Backend.Cost.FREE);
            try (ModelRig rig =
                    ModelRig.discovering(new Discovery(true, List.of(home, cloud, other), Optional.empty()))) {
                rig.backends.lookAtAll();

                assertThat(rig.router.defaultChain())
                        .extracting(ModelRef::backend)
                        .containsExactly("home", "other");
            }
        }
    }

    @Test
    void theEndOfTheLocalModelNeverSendsAConversationAway() throws Exception {
        try (var ollama = FaultyModelServer.start();
                var cloud = FaultyModelServer.start()) {
            Backend away = as(
                    backend("openai", Backend.Kind.OPENAI, cloud), "openai", Backend.Privacy.REMOTE, Backend.Cost.PAID);
            try (ModelRig rig = ModelRig.discovering(new Discovery(
                    false, List.of(backend("ollama", Backend.Kind.OLLAMA, ollama), away), Optional.empty()))) {
                rig.backends.lookAtAll();
                ollama.fault(ModelFault.REFUSE_CONNECTIONS);
                rig.backends.lookAtAll();

                assertThat(rig.backends.route()).extracting(ModelRef::backend).containsExactly("ollama");
                assertThat(rig.chat(ModelRig.question()).failure()).isPresent();
                assertThat(cloud.requests()).isZero();
            }
        }
    }

    @Test
    void aKeyOfTheEnvironmentServesWhereNoOllamaWasEverSeen() throws Exception {
        try (var ollama = FaultyModelServer.start().fault(ModelFault.REFUSE_CONNECTIONS);
                var cloud = FaultyModelServer.start()) {
            Backend away = as(
                    backend("openai", Backend.Kind.OPENAI, cloud), "openai", Backend.Privacy.REMOTE, Backend.Cost.PAID);
            try (ModelRig rig = ModelRig.discovering(new Discovery(
                    false, List.of(backend("ollama", Backend.Kind.OLLAMA, ollama), away), Optional.empty()))) {
                rig.backends.lookAtAll();

                assertThat(rig.chat(ModelRig.question()).text()).isEqualTo(cloud.answerText());
            }
        }
    }

    @Test
    void discoveryReadsTheEnvironmentOnlyWhenNothingIsConfigured() {
        Map<String, String> environment =
                Map.of("OPENAI_API_KEY", "sk-1", "OPENAI_BASE_URL", "http://10.1.2.3:8000/v1", "OPENAI_MODEL", "m");
        Discovery found = Discovery.of(new BackendsSettings(List.of()), environment);

        assertThat(found.backends()).extracting(Backend::name).containsExactly("ollama", "openai");
        assertThat(found.backends().getLast().url()).isEqualTo(URI.create("http://10.1.2.3:8000"));
        assertThat(found.backends().getLast().privacy()).isEqualTo(Backend.Privacy.LOCAL);
        assertThat(found.preferred(found.backends().getLast(), List.of())).contains(new ModelRef("openai", "m"));

        var entry = new BackendsSettings.Entry(
                "cloud",
                Backend.Kind.OPENAI,
                URI.create("https://api.example.com/v1/"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        Discovery configured = Discovery.of(new BackendsSettings(List.of(entry)), environment);

        assertThat(configured.backends()).extracting(Backend::name).containsExactly("cloud");
        assertThat(configured.backends().getFirst().url()).isEqualTo(URI.create("https://api.example.com"));
        assertThat(configured.backends().getFirst().cost()).isEqualTo(Backend.Cost.PAID);
    }

    @Test
    void badBackendsAreRefusedWithAReason() {
        assertThatThrownBy(() -> new BackendsSettings.Entry(
                        "Bad Name",
                        Backend.Kind.OLLAMA,
                        URI.create("http://127.0.0.1:1"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))
                .hasMessageContaining("lower-case letters");
        assertThatThrownBy(() -> new BackendsSettings.Entry(
                        "a",
                        Backend.Kind.OLLAMA,
                        URI.create("http://user:secret@127.0.0.1:1"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()))
                .hasMessageContaining("no user")
                .hasMessageNotContaining("secret");
    }
}
