package dev.steward.telemetry;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/// The ids of the work that this thread is doing. They stand in every log event that it writes and travel with the
/// work:
/// taken where it is handed over, put back on the thread that goes on with it. Bound to the thread, also a virtual one.
///
/// ```java
/// try (var _ = Correlation.with(Correlation.Id.TASK, task.toString())) {
///     ...
/// }
/// ```
public final class Correlation {

    /// What is joined by an id; its name in logs is in snake_case with `_id` behind it.
    public enum Id {
        TRACE,
        SPAN,
        REQUEST,
        USER,
        CONVERSATION,
        TURN,
        TASK;

        private final String key = name().toLowerCase(Locale.ROOT) + "_id";

        /// The field in a log event, such as `task_id`.
        public String key() {
            return key;
        }
    }

    /// Puts back on closing what was there before.
    public interface Scope extends AutoCloseable {
        @Override
        void close();
    }

    private Correlation() {}

    /// Sets one id until the scope is closed, on the same thread.
    public static Scope with(Id id, String value) {
        @Nullable String before = MDC.get(id.key);
        MDC.put(id.key, requireNonNull(value, "value"));
        return () -> put(id, before);
    }

    /// This thread's id of one kind, if it has one.
    public static Optional<String> current(Id id) {
        return Optional.ofNullable(MDC.get(id.key));
    }

    /// All ids of this thread, to be put back elsewhere with [#restored].
    public static Map<Id, String> captured() {
        Map<Id, String> ids = new EnumMap<>(Id.class);
        for (Id id : Id.values()) {
            current(id).ifPresent(value -> ids.put(id, value));
        }
        return Map.copyOf(ids);
    }

    /// Gives this thread exactly `ids` until the scope is closed.
    public static Scope restored(Map<Id, String> ids) {
        Map<Id, String> before = captured();
        set(ids);
        return () -> set(before);
    }

    /// A form of `work` that runs on any thread with the ids of this one.
    public static Runnable carried(Runnable work) {
        Map<Id, String> ids = captured();
        return () -> {
            try (Scope _ = restored(ids)) {
                work.run();
            }
        };
    }

    private static void set(Map<Id, String> ids) {
        for (Id id : Id.values()) {
            put(id, ids.get(id));
        }
    }

    private static void put(Id id, @Nullable String value) {
        if (value == null) {
            MDC.remove(id.key);
        } else {
            MDC.put(id.key, value);
        }
    }
}
