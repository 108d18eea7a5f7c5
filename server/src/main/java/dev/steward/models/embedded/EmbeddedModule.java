package dev.steward.models.embedded;

import dev.steward.components.ComponentRegistry;
import dev.steward.config.Home;
import dev.steward.http.EgressPool;
import dev.steward.models.BackendRegistry;
import dev.steward.models.BackendsSettings;
import dev.steward.models.ModelGateway;
import dev.steward.models.ModelsSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Builds the basic built-in model: library, child process, door, and the watch that joins them.
@Configuration(proxyBeanMethods = false)
public class EmbeddedModule {

    private static final int TOKEN_BYTES = 32;

    @Bean
    ModelLibrary modelLibrary(Home home, ModelsSettings settings, EgressPool egress) {
        return ModelLibraries.of(home, settings.embedded(), egress);
    }

    @Bean
    CatalogueController catalogueController(ModelLibrary library) {
        return new CatalogueController(library);
    }

    /// It serves when nothing else is configured and nothing else was found; see [BuiltInModel].
    @Bean(initMethod = "start", destroyMethod = "close")
    BuiltInModel builtInModel(
            Home home,
            ModelsSettings settings,
            BackendsSettings configured,
            ModelLibrary library,
            BackendRegistry backends,
            ModelGateway gateway,
            ComponentRegistry components,
            InstantSource clock)
            throws IOException {
        Path work = home.path().resolve("models").resolve("run");
        var health = new BuiltInModel.Health(components);
        var model = new EmbeddedModel(
                new PidFile(work.resolve("model.pid")),
                EmbeddedModel.Limits.of(settings.embedded().idle()),
                health);
        byte[] token = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(token);
        String bearer = HexFormat.of().formatHex(token);
        var server = new EmbeddedModelServer(
                model, bearer, clock, () -> UUID.randomUUID().toString());
        BooleanSupplier othersServe = () -> !configured.backends().isEmpty()
                || gateway.served().stream().anyMatch(m -> !m.ref().backend().equals(BuiltInModel.NAME));
        return new BuiltInModel(
                settings.embedded(),
                library,
                model,
                server,
                bearer,
                backends,
                othersServe,
                Requirements.ofThisMachine(),
                health,
                work);
    }
}
