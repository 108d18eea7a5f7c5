package dev.steward.tasks;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A type of tasks on the wire.
///
/// @param waiting         tasks that wait, scheduled ones included
/// @param concurrencyMax  attempts at once in one process
/// @param everywhereMax   attempts at once in all processes; null: no such limit
/// @param perKeyMax       attempts at once with one key, such as one host; null: no such limit
/// @param startsPerSecond attempts begun in a second; null: no such limit
/// @param maxRetries      attempts after the first, for tasks that don't say
/// @param repeatable      whether an attempt whose outcome is unknown is made again
/// @param creatable       whether people may create tasks of it
/// @param paused          null: it is not
record TaskTypeView(
        String type,
        long waiting,
        long running,
        int concurrencyMax,
        @Nullable Integer everywhereMax,
        @Nullable Integer perKeyMax,
        @Nullable Double startsPerSecond,
        int inputBytesMax,
        long timeoutMs,
        int maxRetries,
        boolean repeatable,
        boolean creatable,
        @Nullable PausedView paused) {

    /// @param by who paused it
    record PausedView(Instant since, UUID by, String reason) {

        static PausedView of(TaskTypeStore.Pause pause) {
            return new PausedView(pause.since(), pause.by().value(), pause.reason());
        }
    }

    static TaskTypeView of(
            TaskHandler handler, RetryPolicy retry, TaskTypeStore.Counts counts, Optional<TaskTypeStore.Pause> pause) {
        TaskLimits limits = handler.limits();
        return new TaskTypeView(
                handler.type(),
                counts.waiting(),
                counts.running(),
                handler.concurrencyMax(),
                limits.everywhereMax().isPresent() ? limits.everywhereMax().getAsInt() : null,
                limits.perKeyMax().isPresent() ? limits.perKeyMax().getAsInt() : null,
                limits.startsPerSecond().isPresent() ? limits.startsPerSecond().getAsDouble() : null,
                limits.inputBytesMax(),
                handler.timeout().toMillis(),
                retry.maxRetries(),
                handler.repeatable(),
                handler.form().isPresent(),
                pause.map(PausedView::of).orElse(null));
    }
}
