package dev.steward.web;

import dev.steward.base.IdSource;
import dev.steward.config.RoleSettings;
import dev.steward.database.BatchCleaner;
import dev.steward.database.Peers;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.filter.RequestContextFilter;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.json.JsonMapper;

/// Builds what all controllers share. The way of a request: [RequestFilter] → [EndpointInterceptor] → controller →
/// converters, or [ProblemResolver].
@Configuration(proxyBeanMethods = false)
@Import(OpenApiModule.class)
public class WebModule {

    @Bean
    JsonMapper json() {
        return Json.mapper();
    }

    @Bean
    TomcatSettings tomcatSettings(HttpConfig config, JsonMapper json) {
        return new TomcatSettings(config, json);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    Hangups hangups() {
        return new Hangups();
    }

    @Bean
    ClientAddress clientAddress(HttpConfig config) {
        return new ClientAddress(config.trustedProxies());
    }

    @Bean
    AuthCookies authCookies(ClientAddress addresses) {
        return new AuthCookies(addresses);
    }

    @Bean
    RequestRates requestRates(RatesConfig config, MeterRegistry metrics) {
        return new RequestRates(config, metrics);
    }

    @Bean
    KeyRecords keyRecords(JdbcClient jdbc) {
        return new IdempotencyStore(jdbc);
    }

    @Bean
    RepeatGuard repeatGuard(KeyRecords records, IdSource ids) {
        return new RepeatGuard(records, ids, new SecureRandom());
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    BatchCleaner idempotencyCleaner(KeyRecords records, Peers peers) {
        return new BatchCleaner("idempotency keys", Duration.ofMinutes(10), records::deleteExpired, peers::leads);
    }

    @Bean
    ProblemWriter problemWriter(JsonMapper json) {
        return new ProblemWriter(json);
    }

    @Bean
    FilterRegistrationBean<RequestFilter> requestFilter(
            IdSource ids,
            ClientAddress addresses,
            ProblemWriter problems,
            RepeatGuard repeats,
            ObjectProvider<RoleSettings> role,
            ObjectProvider<WidgetConfig> widget) {
        FilterRegistrationBean<RequestFilter> registration = new FilterRegistrationBean<>(new RequestFilter(
                ids,
                addresses,
                problems,
                repeats,
                role.getIfAvailable(RoleSettings::all).role(),
                widget.getIfAvailable(WidgetConfig::nowhere)));
        // Just inside telemetry, which sees the whole of each request.
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
        return registration;
    }

    /// Spring MVC's own servlet gives controllers their request; this filter would do so once more, for every request.
    @Bean
    FilterRegistrationBean<RequestContextFilter> noRequestContextFilter() {
        FilterRegistrationBean<RequestContextFilter> registration =
                new FilterRegistrationBean<>(new RequestContextFilter());
        registration.setEnabled(false);
        return registration;
    }

    @Bean
    FilterRegistrationBean<PageFiles> pageFiles() {
        FilterRegistrationBean<PageFiles> registration =
                new FilterRegistrationBean<>(new PageFiles(WebModule.class.getClassLoader()));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 2);
        return registration;
    }

    @Bean
    EventStreamConverter eventStreamConverter(
            Authenticator authenticator, TomcatSettings tomcat, MeterRegistry metrics) {
        return new EventStreamConverter(authenticator, EventStream.HEARTBEAT, tomcat.underway(), metrics);
    }

    @Bean
    SmartLifecycle eventStreamsEnd(EventStreamConverter streams) {
        return new EndBeforeDrain(streams::stop);
    }

    @Bean
    SmartLifecycle finishAnswers(TomcatSettings tomcat) {
        return new FinishAnswers(tomcat.underway());
    }

    @Bean
    WebMvcConfigurer webMvc(
            JsonMapper json,
            EventStreamConverter streams,
            ProblemWriter problems,
            Authenticator authenticator,
            ClientAddress addresses,
            RequestRates rates,
            RepeatGuard repeats,
            @Qualifier("requestMappingHandlerMapping") ObjectProvider<RequestMappingHandlerMapping> mappings) {
        AllowedMethods allowed = new AllowedMethods(mappings::getObject);
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                Credentials credentials = new Credentials(authenticator, addresses);
                registry.addInterceptor(new EndpointInterceptor(credentials, addresses, rates, allowed, repeats));
            }

            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new CallerArguments());
                resolvers.add(new PageArguments());
            }

            // A caller that names no format gets JSON, also where there is CSV too.
            @Override
            public void configureContentNegotiation(ContentNegotiationConfigurer negotiation) {
                negotiation.defaultContentType(MediaType.APPLICATION_JSON, MediaType.TEXT_EVENT_STREAM, MediaType.ALL);
            }

            @Override
            public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
                builder.withJsonConverter(new JsonConverter(json))
                        .addCustomConverter(streams)
                        .addCustomConverter(new PageCsvConverter(json));
            }

            @Override
            public void configureHandlerExceptionResolvers(List<HandlerExceptionResolver> resolvers) {
                resolvers.add(new ProblemResolver(problems, allowed));
            }
        };
    }
}
