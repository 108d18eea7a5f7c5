package dev.steward;

import dev.steward.assistant.agents.AgentsSettings;
import dev.steward.assistant.dialogue.DialogueSettings;
import dev.steward.assistant.input.InputSettings;
import dev.steward.config.Section;
import dev.steward.database.DatabaseConfig;
import dev.steward.http.EgressConfig;
import dev.steward.identity.AuthConfig;
import dev.steward.models.BackendsSettings;
import dev.steward.models.ModelsSettings;
import dev.steward.redis.RedisConfig;
import dev.steward.resilience.ResilienceConfig;
import dev.steward.schedules.SchedulesConfig;
import dev.steward.tasks.TasksConfig;
import dev.steward.telemetry.TelemetryConfig;
import dev.steward.web.HttpConfig;
import dev.steward.web.RatesConfig;
import dev.steward.web.WidgetConfig;
import java.util.List;

/// Every section of the configuration, each declared by its room. The loader, `steward config check` and
/// the reference page read this list; wiring offers each section's record as a bean.
final class Sections {

    static final List<Section<?>> ALL = List.of(
            ResilienceConfig.SECTION,
            EgressConfig.SECTION,
            HttpConfig.SECTION,
            RatesConfig.SECTION,
            WidgetConfig.SECTION,
            AuthConfig.SECTION,
            DatabaseConfig.SECTION,
            RedisConfig.SECTION,
            TelemetryConfig.SECTION,
            BackendsSettings.SECTION,
            ModelsSettings.SECTION,
            TasksConfig.SECTION,
            SchedulesConfig.SECTION,
            InputSettings.SECTION,
            DialogueSettings.SECTION,
            AgentsSettings.SECTION);

    private Sections() {}
}
