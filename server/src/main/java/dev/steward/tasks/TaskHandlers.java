package dev.steward.tasks;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;

/// The handlers of this process, by type. They are added when everything is built, just before the first
/// claim: what handlers are made of may itself need the queue. Safe for use by many threads.
final class TaskHandlers {

    private final Map<String, TaskHandler> byType = new ConcurrentSkipListMap<>();

    /// @throws IllegalArgumentException if its type has one already
    void add(TaskHandler handler) {
        if (byType.putIfAbsent(handler.type(), handler) != null) {
            throw new IllegalArgumentException("two handlers for tasks of type " + handler.type());
        }
    }

    Optional<TaskHandler> find(String type) {
        return Optional.ofNullable(byType.get(type));
    }

    /// Types whose tasks must not run again when their worker was lost.
    Set<String> unrepeatable() {
        return byType.values().stream()
                .filter(h -> !h.repeatable())
                .map(TaskHandler::type)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// All, in the order of their types.
    Collection<TaskHandler> all() {
        return byType.values();
    }
}
