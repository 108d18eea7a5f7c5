package dev.steward.components;

import static java.util.Objects.requireNonNull;

import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/// All components of this process. Safe for use by many threads.
public final class ComponentRegistry {

    private final InstantSource clock;
    private final ConcurrentHashMap<String, Component> components = new ConcurrentHashMap<>();

    public ComponentRegistry(InstantSource clock) {
        this.clock = requireNonNull(clock, "clock");
    }

    /// Adds a component, which is down until it reports.
    ///
    /// @throws IllegalStateException if the name is taken
    public Component register(String name, Tier tier) {
        var component = new Component(name, tier, clock);
        if (components.putIfAbsent(name, component) != null) {
            throw new IllegalStateException("component " + name + " is registered twice");
        }
        return component;
    }

    /// Every component, most important first.
    public List<ComponentStatus> statuses() {
        return components.values().stream()
                .map(Component::status)
                .sorted(Comparator.comparing(ComponentStatus::tier).thenComparing(ComponentStatus::name))
                .toList();
    }
}
