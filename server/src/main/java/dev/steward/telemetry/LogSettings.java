package dev.steward.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.OutputStreamAppender;
import org.slf4j.LoggerFactory;

/// Applies the settings of the logs to the running logger. Before that, events are written as `auto` at level `info`.
final class LogSettings {

    private LogSettings() {}

    static void apply(TelemetryConfig config) {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return; // Another logger in the process, as in a test: it has settings of its own.
        }
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        context.getLogger("dev.steward")
                .setLevel(Level.toLevel(config.logLevel().name()));
        root.iteratorForAppenders().forEachRemaining(appender -> {
            if (appender instanceof OutputStreamAppender<?> output
                    && output.getEncoder() instanceof LogEncoder encoder) {
                encoder.setFormat(config.logFormat());
            }
        });
    }
}
