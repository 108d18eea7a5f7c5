package dev.steward.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.MarkerFactory;
import org.slf4j.event.KeyValuePair;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LogEncoderTest {

    private final LogEncoder encoder = new LogEncoder();

    @Test
    void anEventIsOneJsonObjectWithItsIdsAndFields() {
        LoggingEvent event = event("Turn \"done\"\nand more", null, Map.of("turn_id", "t-1", "request_id", "r-1"));
        event.addKeyValuePair(new KeyValuePair("millis", 12L));
        event.addKeyValuePair(new KeyValuePair("backend", "first"));

        String line = encode(LogFormat.JSON, event);
        JsonNode json = JsonMapper.shared().readTree(line);

        assertThat(line).endsWith("}\n").hasLineCount(1);
        assertThat(json.get("@timestamp").asString()).isEqualTo("2026-01-01T12:00:00.000Z");
        assertThat(json.get("log.level").asString()).isEqualTo("INFO");
        assertThat(json.get("message").asString()).isEqualTo("Turn \"done\"\nand more");
        assertThat(json.get("turn_id").asString()).isEqualTo("t-1");
        assertThat(json.get("request_id").asString()).isEqualTo("r-1");
        assertThat(json.get("millis").asInt()).isEqualTo(12);
        assertThat(json.get("backend").asString()).isEqualTo("first");
    }

    @Test
    void aFailureIsToldWithItsTraceAndItsSecretsMasked() {
        LoggingEvent event = event("Call failed", new IllegalStateException("sent Bearer abcdef123456 to it"));

        JsonNode json = JsonMapper.shared().readTree(encode(LogFormat.JSON, event));

        assertThat(json.get("error.type").asString()).isEqualTo("java.lang.IllegalStateException");
        assertThat(json.get("error.message").asString()).isEqualTo("sent Bearer *** to it");
        assertThat(json.get("error.stack_trace").asString())
                .contains("LogEncoderTest")
                .doesNotContain("abcdef123456");
    }

    @Test
    void aMarkedErrorIsFatal() {
        LoggingEvent event = event("Out of memory", null);
        event.addMarker(MarkerFactory.getMarker(LogEncoder.FATAL));

        assertThat(JsonMapper.shared()
                        .readTree(encode(LogFormat.JSON, event))
                        .get("log.level")
                        .asString())
                .isEqualTo("FATAL");
    }

    @Test
    void textCannotFakeAnEventNorSpeakToTheTerminal() {
        LoggingEvent event = event("one\n12:00:00.000 ERROR two \u001b[31mred", null);

        assertThat(encode(LogFormat.TEXT, event))
                .hasLineCount(1)
                .contains("one.12:00:00.000 ERROR two .[31mred")
                .doesNotContain("\u001b");
    }

    private String encode(LogFormat format, LoggingEvent event) {
        encoder.setFormat(format);
        return new String(encoder.encode(event), StandardCharsets.UTF_8);
    }

    private static LoggingEvent event(String message, @Nullable Throwable failure) {
        return event(message, failure, Map.of());
    }

    private static LoggingEvent event(String message, @Nullable Throwable failure, Map<String, String> ids) {
        var event = new LoggingEvent(
                "fqcn", new LoggerContext().getLogger("dev.steward.Test"), Level.INFO, message, failure, null);
        event.setInstant(Instant.parse("2026-01-01T12:00:00Z"));
        event.setMDCPropertyMap(ids);
        return event;
    }
}
