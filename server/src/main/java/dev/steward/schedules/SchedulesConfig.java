package dev.steward.schedules;

import static java.util.Objects.requireNonNull;

import dev.steward.config.Section;
import dev.steward.config.Setting;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;

/// The settings of schedules.
public record SchedulesConfig(
        @Setting(
                value =
                        "Shortest time between two runs of a schedule, at least 60000 ms; what is more frequent is refused.",
                fallback = "60000")
        Duration minInterval,

        @Setting(value = "Schedules that one person may have.", fallback = "1000")
        int perOwnerMax,

        @Setting(
                value =
                        "How late a run may begin before it counts as missed and the schedule's own rule for missed runs"
                                + " applies.",
                fallback = "60000")
        Duration grace,

        @Setting(
                value =
                        "How soon after its time a run has to be over, where the schedule does not say it itself; then its"
                                + " owner is told that it did not run.",
                fallback = "900000")
        Duration expectedWithin,

        @Setting(value = "Longest delay until a due run is found, 10 to 60000 ms.", fallback = "1000")
        Duration poll,

        @Setting(value = "How often the watchdog looks for runs that did not happen.", fallback = "15000")
        Duration watch,

        @Setting(value = "Time zone of people who have not set one, such as Europe/Berlin; empty: this machine's.")
        Optional<String> timeZone,

        @Setting("Where notices of runs that went wrong are posted as JSON when they can't be told in a conversation:"
                + " an http or https address of the operator's; empty: nowhere. Private addresses need egress.allow.")
        Optional<String> noticeUrl) {

    public static final Section<SchedulesConfig> SECTION = new Section<>("schedules", SchedulesConfig.class);

    /// Two runs a minute apart: cron knows nothing finer.
    private static final Duration MIN_INTERVAL_LEAST = Duration.ofMinutes(1);

    public SchedulesConfig {
        requireNonNull(timeZone, "timeZone");
        noticeUrl.ifPresent(url ->
                check(url.startsWith("https://") || url.startsWith("http://"), "notice_url must begin with https://"));
        check(minInterval.compareTo(MIN_INTERVAL_LEAST) >= 0, "min_interval_ms must be at least 60000");
        check(perOwnerMax >= 1, "per_owner_max must be at least 1");
        check(!grace.isNegative(), "grace_ms must not be negative");
        check(expectedWithin.toMillis() >= 1000, "expected_within_ms must be at least 1000");
        check(poll.toMillis() >= 10 && poll.toMillis() <= 60_000, "poll_ms must be 10 to 60000");
        check(watch.toMillis() >= 10, "watch_ms must be at least 10");
        timeZone.ifPresent(zone -> {
            try {
                ZoneId.of(zone);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException("time_zone must be an IANA name such as Europe/Berlin", e);
            }
        });
    }

    /// The zone of people who have not set one.
    ZoneId zone() {
        return timeZone.map(ZoneId::of).orElseGet(ZoneId::systemDefault);
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
