package dev.steward;

import dev.steward.assistant.AssistantModule;
import dev.steward.base.IdSource;
import dev.steward.components.ComponentRegistry;
import dev.steward.conversations.ConversationsModule;
import dev.steward.database.DatabaseModule;
import dev.steward.gateway.GatewayModule;
import dev.steward.http.HttpModule;
import dev.steward.identity.IdentityModule;
import dev.steward.models.ModelsModule;
import dev.steward.models.embedded.EmbeddedModule;
import dev.steward.operations.OperationsModule;
import dev.steward.redis.RedisModule;
import dev.steward.resilience.ResilienceModule;
import dev.steward.schedules.SchedulesModule;
import dev.steward.secrets.SecretsModule;
import dev.steward.tasks.TasksModule;
import dev.steward.telemetry.TelemetryModule;
import dev.steward.web.WebModule;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// Builds the server. Every room's module is named here; nothing is found by scanning.
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({
    DatabaseModule.class,
    TelemetryModule.class,
    WebModule.class,
    IdentityModule.class,
    HttpModule.class,
    ResilienceModule.class,
    SecretsModule.class,
    RedisModule.class,
    TasksModule.class,
    ModelsModule.class,
    EmbeddedModule.class,
    ConversationsModule.class,
    SchedulesModule.class,
    AssistantModule.class,
    GatewayModule.class,
    OperationsModule.class
})
public class StewardApplication {

    @Bean
    InstantSource clock() {
        return InstantSource.system();
    }

    @Bean
    IdSource ids(InstantSource clock) {
        return new IdSource(clock, new SecureRandom());
    }

    @Bean
    ComponentRegistry components(InstantSource clock) {
        return new ComponentRegistry(clock);
    }
}
