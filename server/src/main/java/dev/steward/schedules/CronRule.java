package dev.steward.schedules;

import static java.util.Objects.requireNonNull;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.Set;

/// Five fields of cron: minute, hour, day of month, month, day of week. Where both days are given, either may
/// match, as in every crontab. Reckoned in UTC, where no clock ever changes, so the library has no daylight
/// saving to get wrong.
final class CronRule implements WallRule {

    static final int LENGTH_MAX = 200;

    private static final CronDefinition UNIX = CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX);
    private static final Set<String> EVERY_HOUR = Set.of("*", "*/1");

    private final ExecutionTime times;
    private final LocalDateTime starts;
    private final boolean counting;

    /// @throws IllegalArgumentException it is no cron expression; the message says why
    CronRule(String expression, LocalDateTime starts) {
        this.starts = requireNonNull(starts, "starts");
        Cron cron = new CronParser(UNIX).parse(expression);
        cron.validate();
        this.times = ExecutionTime.forCron(cron);
        String hours = expression.strip().split("\\s+", -1)[1];
        this.counting = EVERY_HOUR.contains(hours) || hours.startsWith("*/");
    }

    @Override
    public Optional<LocalDateTime> next(LocalDateTime after) {
        LocalDateTime from = after.isBefore(starts) ? starts.minusSeconds(1) : after;
        return times.nextExecution(ZonedDateTime.of(from, ZoneOffset.UTC)).map(ZonedDateTime::toLocalDateTime);
    }

    @Override
    public boolean counting() {
        return counting;
    }
}
