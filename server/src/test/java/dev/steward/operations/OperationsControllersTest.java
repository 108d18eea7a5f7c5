package dev.steward.operations;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.startsWith;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.steward.components.Component;
import dev.steward.components.ComponentRegistry;
import dev.steward.components.Tier;
import dev.steward.config.Home;
import dev.steward.database.Database;
import dev.steward.database.DatabaseConfig;
import dev.steward.testing.TestClock;
import dev.steward.web.Json;
import dev.steward.web.TestAddresses;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.converter.ByteArrayHttpMessageConverter;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;

class OperationsControllersTest {

    private final ComponentRegistry components = new ComponentRegistry(new TestClock());
    private final Component core = components.register("core", Tier.CORE);
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init") // built before each test
    private MockMvc web;

    @SuppressWarnings("NullAway.Init") // built before each test
    private Database broken;

    @BeforeEach
    void build() throws Exception {
        Path file = java.nio.file.Files.createFile(folder.resolve("file"));
        // A home that is a file: this database never comes up.
        broken = new Database(
                DatabaseConfig.embedded(), new Home(file), components.register("database", Tier.EXTENDED), meters);
        var operators = new Operators(TestAddresses.withoutProxies());
        var health = new Health(components);
        web = MockMvcBuilders.standaloneSetup(
                        new HealthController(health, broken, operators),
                        new MetricsController(meters, operators),
                        new SystemController(health))
                .setMessageConverters(
                        new ByteArrayHttpMessageConverter(), new JacksonJsonHttpMessageConverter(Json.mapper()))
                .build();
        core.worked();
    }

    @AfterEach
    void close() {
        broken.close();
    }

    @Test
    void aCallerOnThisMachineSeesWhatIsWrong() throws Exception {
        core.degraded("the disk is slow");

        web.perform(from("127.0.0.1", "/health"))
                .andExpect(status().isOk())
                .andExpect(header().string("Cache-Control", "no-store"))
                .andExpect(jsonPath("$.status").value("degraded"))
                .andExpect(jsonPath("$.version").isNotEmpty())
                .andExpect(jsonPath("$.components[0].message").value("the disk is slow"))
                .andExpect(jsonPath("$.components[0].last_success").value("2026-01-01T12:00:00.000Z"));
    }

    @Test
    void aStrangerSeesOnlyWhetherItWorks() throws Exception {
        core.failed("the disk is slow");

        web.perform(from("192.0.2.7", "/health"))
                .andExpect(status().isServiceUnavailable())
                .andExpect(jsonPath("$.status").value("down"))
                .andExpect(jsonPath("$.components").doesNotExist());
        web.perform(from("127.0.0.1", "/health").header("X-Forwarded-For", "192.0.2.7"))
                .andExpect(jsonPath("$.components").doesNotExist());
    }

    @Test
    void livenessHangsOnNothingAndReadinessOnTheCore() throws Exception {
        core.failed("gone");

        web.perform(from("192.0.2.7", "/health/live")).andExpect(status().isOk());
        web.perform(from("192.0.2.7", "/health/ready")).andExpect(status().isServiceUnavailable());
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsToldAtItsOwnAddress() throws Exception {
        web.perform(from("192.0.2.7", "/health/db"))
                .andExpect(status().isServiceUnavailable())
                .andExpect(jsonPath("$.status").value("down"))
                .andExpect(jsonPath("$.message").doesNotExist());
    }

    @Test
    void redisAndModelsSayWhenTheyAreNotConfigured() throws Exception {
        for (String path : new String[] {"/health/redis", "/health/models"}) {
            web.perform(from("192.0.2.7", path))
                    .andExpect(status().isOk())
                    .andExpect(jsonPath("$.status").value("not_configured"));
        }
    }

    @Test
    void metricsComeInTheFormatThatIsAccepted() throws Exception {
        meters.counter("rate.limit.exceeded").increment();

        web.perform(from("127.0.0.1", "/metrics"))
                .andExpect(header().string("Content-Type", startsWith("text/plain")))
                .andExpect(content().string(containsString("\nrate_limit_exceeded 1.0")));
        web.perform(from("127.0.0.1", "/metrics").header("Accept", "application/openmetrics-text; version=1.0.0"))
                .andExpect(header().string("Content-Type", startsWith("application/openmetrics-text")))
                .andExpect(content().string(containsString("\nrate_limit_exceeded_total 1.0")));
    }

    private static MockHttpServletRequestBuilder from(String address, String path) {
        return get(path).with(request -> {
            request.setRemoteAddr(address);
            return request;
        });
    }
}
