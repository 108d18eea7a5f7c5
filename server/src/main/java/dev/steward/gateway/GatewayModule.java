package dev.steward.gateway;

import dev.steward.assistant.agents.AgentsModule;
import dev.steward.assistant.agents.LiveAgents;
import dev.steward.models.ModelGateway;
import dev.steward.models.RawGateway;
import dev.steward.web.Authenticator;
import dev.steward.web.Hangups;
import dev.steward.web.RequestRates;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// Builds the OpenAI-compatible door: plain servlets beside Spring MVC, since its cost per request is a headline
/// figure.
@Configuration(proxyBeanMethods = false)
@Import(AgentsModule.class)
public class GatewayModule {

    @Bean
    Door door(Authenticator authenticator, RequestRates rates) {
        return new Door(authenticator, rates);
    }

    @Bean
    PlainCalls plainCalls(Hangups hangups) {
        return new PlainCalls(hangups);
    }

    @Bean
    ServletRegistrationBean<ChatCompletionsServlet> chatCompletions(
            Door door, RawGateway raw, PlainCalls plain, ModelGateway models, LiveAgents agents, Hangups hangups) {
        Requested requested = new Requested(new ModelNames(models), agents);
        return new ServletRegistrationBean<>(
                new ChatCompletionsServlet(door, raw, plain, requested, hangups), "/v1/chat/completions");
    }

    @Bean
    ServletRegistrationBean<EmbeddingsServlet> embeddings(
            Door door, RawGateway raw, PlainCalls plain, ModelGateway models) {
        return new ServletRegistrationBean<>(
                new EmbeddingsServlet(door, raw, plain, new ModelNames(models)), "/v1/embeddings");
    }

    @Bean
    ServletRegistrationBean<ModelListServlet> modelList(Door door, ModelGateway models) {
        return new ServletRegistrationBean<>(new ModelListServlet(door, models), "/v1/models/*");
    }

    @Bean
    ServletRegistrationBean<UnknownServlet> unknownOpenAiAddress() {
        return new ServletRegistrationBean<>(new UnknownServlet(), "/v1/*");
    }
}
