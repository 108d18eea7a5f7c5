package dev.steward.schedules;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import dev.steward.tasks.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// A task that runs at set times.
///
/// @param id     the id of its first task too, when it came by `POST /tasks`
/// @param work   the task that each run makes
/// @param rules  how runs that are late are dealt with
/// @param nextAt the next run that has no task yet; empty: there is none any more
public record Schedule(
        UUID id,
        UserId owner,
        Work work,
        Timing timing,
        Rules rules,
        boolean paused,
        Optional<String> problem,
        Optional<Instant> nextAt,
        long missedCount,
        Instant created,
        Instant updated) {

    public Schedule {
        requireNonNull(id, "id");
        requireNonNull(owner, "owner");
        requireNonNull(work, "work");
        requireNonNull(timing, "timing");
        requireNonNull(rules, "rules");
        requireNonNull(problem, "problem");
        requireNonNull(nextAt, "nextAt");
    }

    /// The task of each run.
    ///
    /// @param input a JSON object that the type accepts
    public record Work(String type, Priority priority, String description, String input, int maxRetries) {

        public Work {
            requireNonNull(type, "type");
            requireNonNull(priority, "priority");
            requireNonNull(description, "description");
            requireNonNull(input, "input");
        }
    }

    /// @param missedMax      of [Missed#RUN_ALL], 1 to [#MISSED_MAX_LIMIT]
    /// @param expectedWithin a run has to be over so long after its time
    public record Rules(Missed missed, int missedMax, Duration expectedWithin) {

        /// Enough for an hour of a run every minute; more at once is a storm, not a repair.
        public static final int MISSED_MAX_LIMIT = 100;

        public static final int MISSED_MAX_DEFAULT = 10;

        public Rules {
            requireNonNull(missed, "missed");
            requireNonNull(expectedWithin, "expectedWithin");
            if (missedMax < 1 || missedMax > MISSED_MAX_LIMIT) {
                throw new IllegalArgumentException("missedMax must be 1 to " + MISSED_MAX_LIMIT);
            }
        }
    }
}
