package dev.steward.operations;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Gives the product's own metrics exactly their documented names in the text format of Prometheus. The library adds
/// units and `_total`, which OpenMetrics asks for and the plain format does not.
final class MetricNames {

    /// The names that OBS-2 lists and that a library would change. Gauges keep their names as they are.
    private static final Set<String> EXACT = Set.of(
            "task_processing_rate",
            "task_error_rate",
            "task_processing_duration",
            "dlq_tasks_cleaned",
            "dlq_cleanup_duration",
            "dlq_cleanup_success",
            "dlq_cleanup_failure",
            "rate_limit_exceeded",
            "auth_failures",
            "circuit_breaker_trips",
            "alert_rule_evaluations",
            "alert_rule_matches",
            "alert_delivery_attempts",
            "alert_delivery_success",
            "alert_delivery_failure",
            "alert_delivery_latency",
            "alert_rate_limited",
            "alert_circuit_breaker_trips",
            "system_event_loop_lag");

    private static final Pattern NAME = Pattern.compile(
            "^((?:# (?:HELP|TYPE) )?)(" + String.join("|", EXACT)
                    + ")(?:_seconds)?(_max|_count|_sum|_bucket)?(?:_total)?" + "(?=[ {]|$)",
            Pattern.MULTILINE);

    private MetricNames() {}

    static String plain(String text) {
        return NAME.matcher(text)
                .replaceAll(m ->
                        Matcher.quoteReplacement(m.group(1) + m.group(2) + (m.group(3) == null ? "" : m.group(3))));
    }
}
