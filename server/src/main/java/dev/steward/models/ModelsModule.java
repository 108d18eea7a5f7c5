package dev.steward.models;

import dev.steward.components.ComponentRegistry;
import dev.steward.components.Tier;
import dev.steward.database.Transactions;
import dev.steward.http.EgressConfig;
import dev.steward.http.EgressPool;
import dev.steward.resilience.Breakers;
import dev.steward.resilience.RecoveryLadder;
import dev.steward.resilience.RecoveryListener;
import dev.steward.resilience.ResilienceConfig;
import dev.steward.secrets.SecretSeal;
import dev.steward.telemetry.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// Builds the room: the way out, the clients, the backends, what is stored of them, the router, two controllers.
@Configuration(proxyBeanMethods = false)
public class ModelsModule {

    private static final JsonMapper JSON = JsonMapper.shared();

    @Bean(destroyMethod = "close")
    DeadlineWatch modelDeadlines() {
        return new DeadlineWatch();
    }

    @Bean
    ModelCalls modelCalls(
            EgressPool pool,
            DeadlineWatch watch,
            ModelsSettings settings,
            ResilienceConfig resilience,
            Breakers breakers,
            ObjectProvider<RecoveryLadder.Order> order,
            RecoveryListener recovery,
            InstantSource clock,
            Tracing tracing) {
        return new ModelCalls(
                pool,
                watch,
                settings.timeouts(),
                ChatLimits.DEFAULT,
                breakers,
                resilience.retry(),
                new RecoveryLadder(order.getIfAvailable(() -> Passage.ORDER), recovery, clock, System::nanoTime),
                clock,
                tracing);
    }

    @Bean
    ModelChains modelChains() {
        return new ModelChains();
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    ModelDesk modelDesk(
            JdbcClient jdbc,
            SecretSeal seal,
            Backends backends,
            ModelChains chains,
            ModelsSettings settings,
            Breakers breakers,
            TransactionTemplate transactions) {
        return new ModelDesk(
                new ModelDeskStore(jdbc),
                seal,
                backends,
                chains,
                settings.chain(),
                breakers,
                new Transactions(transactions));
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    Backends backends(
            BackendsSettings backends,
            ModelsSettings models,
            ModelChains chains,
            ModelCalls calls,
            MeterRegistry metrics,
            ComponentRegistry components,
            InstantSource clock) {
        var looks = new BackendLook(calls, JSON, models.ollamaContextTokens());
        var suspicion = new AtomicReference<Runnable>(() -> {});
        var all = new Backends(
                Discovery.of(backends, System.getenv()),
                () -> chains.of(ModelChains.DEFAULT).orElseGet(models::chainRefs),
                backend -> calls.gate(backend, metrics, () -> suspicion.get().run()),
                looks::models,
                components.register("models", Tier.CORE),
                clock);
        suspicion.set(all::lookSoon);
        return all;
    }

    @Bean
    ModelRouter modelRouter(Backends backends, ModelCalls calls, ModelsSettings settings) {
        return new ModelRouter(
                backends,
                calls,
                new OllamaChat(JSON, calls.limits(), settings.ollamaContextTokens()),
                new OpenAiChat(JSON, calls.limits()));
    }

    @Bean
    BackendsController backendsController(
            Backends backends, ModelRouter router, ModelDesk desk, EgressConfig egress, ModelCalls calls) {
        return new BackendsController(backends, router, desk, new BackendProbe(egress, calls, JSON));
    }

    @Bean
    ModelsController modelsController(ModelRouter router, ModelDesk desk) {
        return new ModelsController(router, desk);
    }
}
