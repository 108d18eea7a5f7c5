package dev.steward.telemetry;

import static java.util.Objects.requireNonNull;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.json.JsonFactory;

/// Writes each log event as one JSON object a line (Elastic Common Schema 8.11; ids and event fields at the top
/// level) or as readable text, with secrets masked last of all. Safe for use by many threads.
public final class LogEncoder extends EncoderBase<ILoggingEvent> {

    /// A marker of this name makes an error a fatal one: the process can't go on.
    public static final String FATAL = "FATAL";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(java.time.ZoneId.systemDefault());

    private static final JsonFactory JSON = new JsonFactory();
    private static final long PID = ProcessHandle.current().pid();
    private static final boolean TERMINAL = java.util.Optional.ofNullable(System.console())
            .filter(java.io.Console::isTerminal)
            .isPresent();
    /// Wipes what stands on the terminal's line: a progress that is written over, which is written again.
    private static final String LINE_START = "dumb".equals(System.getenv("TERM")) ? "" : "\r\033[K";

    private static final String TRACE_INDENT = "    ";

    /// Characters of one stack trace; what is deeper says little more.
    private static final int TRACE_CHARS_MAX = 16_000;

    private volatile LogFormat format = LogFormat.AUTO;

    /// Set by Logback's configuration or by [LogSettings].
    public void setFormat(LogFormat format) {
        this.format = requireNonNull(format, "format");
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        boolean text = format == LogFormat.TEXT || (format == LogFormat.AUTO && TERMINAL);
        String line = text ? (TERMINAL ? LINE_START : "") + text(event) : json(event);
        return Secrets.masked(line).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte @Nullable [] headerBytes() {
        return null;
    }

    @Override
    public byte @Nullable [] footerBytes() {
        return null;
    }

    private static String json(ILoggingEvent event) {
        var out = new StringWriter(512);
        try (JsonGenerator json = JSON.createGenerator(tools.jackson.core.ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("@timestamp", TIME.format(event.getInstant()));
            json.writeStringProperty("log.level", level(event));
            json.writeStringProperty("message", event.getFormattedMessage());
            json.writeStringProperty("log.logger", event.getLoggerName());
            json.writeStringProperty("process.thread.name", event.getThreadName());
            json.writeNumberProperty("process.pid", PID);
            json.writeStringProperty("service.name", "steward");
            json.writeStringProperty("ecs.version", "8.11");
            fields(event).forEach((key, value) -> writeField(json, key, value));
            if (event.getThrowableProxy() != null) {
                json.writeStringProperty("error.type", event.getThrowableProxy().getClassName());
                json.writeStringProperty(
                        "error.message",
                        String.valueOf(event.getThrowableProxy().getMessage()));
                json.writeStringProperty("error.stack_trace", trace(event));
            }
            json.writeEndObject();
        }
        return out.append('\n').toString();
    }

    private static void writeField(JsonGenerator json, String key, Object value) {
        switch (value) {
            case Integer n -> json.writeNumberProperty(key, n);
            case Long n -> json.writeNumberProperty(key, n);
            case Boolean b -> json.writeBooleanProperty(key, b);
            default -> json.writeStringProperty(key, value.toString());
        }
    }

    private static String text(ILoggingEvent event) {
        String logger = event.getLoggerName();
        var line = new StringBuilder(160)
                .append(CLOCK.format(event.getInstant()))
                .append(String.format(" %-5s ", level(event)))
                .append(logger.substring(logger.lastIndexOf('.') + 1))
                .append(": ")
                .append(printable(event.getFormattedMessage()));
        fields(event)
                .forEach(
                        (key, value) -> line.append(' ').append(key).append('=').append(printable(value.toString())));
        line.append('\n');
        if (event.getThrowableProxy() != null) {
            trace(event)
                    .lines()
                    .forEach(l -> line.append(TRACE_INDENT)
                            .append(printable(l.replace("\t", "  ")))
                            .append('\n'));
        }
        return line.toString();
    }

    /// What a terminal would obey, or a line break that would fake an event, is written as a dot.
    private static String printable(String text) {
        return text.chars().noneMatch(Character::isISOControl)
                ? text
                : text.codePoints()
                        .map(c -> Character.isISOControl(c) ? '.' : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }

    private static String level(ILoggingEvent event) {
        boolean fatal =
                event.getMarkerList() != null && event.getMarkerList().stream().anyMatch(m -> m.contains(FATAL));
        return fatal ? FATAL : event.getLevel().toString();
    }

    /// The thread's ids and the event's own fields; where both have a name, the event's counts. None may take the place
    /// of a field of the schema.
    private static Map<String, Object> fields(ILoggingEvent event) {
        Map<String, Object> fields = new LinkedHashMap<>(event.getMDCPropertyMap());
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                fields.put(pair.key, pair.value == null ? "null" : pair.value);
            }
        }
        fields.remove("message");
        return fields;
    }

    private static String trace(ILoggingEvent event) {
        String trace = ThrowableProxyUtil.asString(event.getThrowableProxy());
        return trace.length() <= TRACE_CHARS_MAX ? trace : trace.substring(0, TRACE_CHARS_MAX) + "…";
    }
}
