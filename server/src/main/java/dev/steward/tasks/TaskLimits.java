package dev.steward.tasks;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/// What a type of task may use, beyond [TaskHandler#concurrencyMax] of each process. Limits of attempts and starts
/// hold for all processes on one database together.
///
/// @param everywhereMax   attempts that run at once in all processes; empty: only each process's limit counts
/// @param perKeyMax       attempts with the same [TaskHandler#limitKey] that run at once in all processes
/// @param startsPerSecond attempts begun in a second, on average; more than 0
/// @param burst           attempts that may begin at once after a quiet time; counts only with `startsPerSecond`
/// @param inputBytesMax   longest input in bytes of UTF-8, at most [NewTask#INPUT_BYTES_MAX]
public record TaskLimits(
        OptionalInt everywhereMax,
        OptionalInt perKeyMax,
        OptionalDouble startsPerSecond,
        int burst,
        int inputBytesMax) {

    private static final TaskLimits NONE = new TaskLimits(
            OptionalInt.empty(), OptionalInt.empty(), OptionalDouble.empty(), 1, NewTask.INPUT_BYTES_MAX);

    public TaskLimits {
        check(everywhereMax.isEmpty() || everywhereMax.getAsInt() >= 1, "everywhereMax must be at least 1");
        check(perKeyMax.isEmpty() || perKeyMax.getAsInt() >= 1, "perKeyMax must be at least 1");
        check(startsPerSecond.isEmpty() || startsPerSecond.getAsDouble() > 0, "startsPerSecond must be more than 0");
        check(burst >= 1, "burst must be at least 1");
        check(
                inputBytesMax >= 2 && inputBytesMax <= NewTask.INPUT_BYTES_MAX,
                "inputBytesMax must be 2 to " + NewTask.INPUT_BYTES_MAX);
    }

    /// No limit but that of each process.
    public static TaskLimits none() {
        return NONE;
    }

    public TaskLimits everywhere(int max) {
        return new TaskLimits(OptionalInt.of(max), perKeyMax, startsPerSecond, burst, inputBytesMax);
    }

    public TaskLimits perKey(int max) {
        return new TaskLimits(everywhereMax, OptionalInt.of(max), startsPerSecond, burst, inputBytesMax);
    }

    public TaskLimits perSecond(double starts, int atOnce) {
        return new TaskLimits(everywhereMax, perKeyMax, OptionalDouble.of(starts), atOnce, inputBytesMax);
    }

    public TaskLimits inputBytes(int max) {
        return new TaskLimits(everywhereMax, perKeyMax, startsPerSecond, burst, max);
    }

    /// Whether processes have to agree before a task of the type starts.
    boolean shared() {
        return everywhereMax.isPresent() || perKeyMax.isPresent() || startsPerSecond.isPresent();
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
