package dev.steward.operations;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.steward.base.Wording;
import dev.steward.base.Wording.Phrase;
import dev.steward.components.ComponentRegistry;
import dev.steward.components.ComponentStatus;
import dev.steward.components.ComponentStatus.State;
import dev.steward.components.Tier;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Sums up what the components say of themselves. Safe for use by many threads.
public final class Health {

    /// The state of a part or of the whole.
    public enum Status {
        UP,
        DEGRADED,
        DOWN;

        /// The word on the wire.
        String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Core components whose loss degrades only: without any model intents, tasks, search and notes go on (CHAT-14).
    private static final Set<String> DISPENSABLE = Set.of("models");

    private final ComponentRegistry components;

    public Health(ComponentRegistry components) {
        this.components = requireNonNull(components, "components");
    }

    /// One component, for those who may see it.
    ///
    /// @param lastSuccess absent when it never worked
    /// @param words       what `message` is made of, to be said in another language; not sent while empty
    record Part(
            String name,
            String tier,
            String status,
            Instant since,
            @Nullable Instant lastSuccess,
            String message,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Phrase> words) {

        static Part of(ComponentStatus status) {
            return new Part(
                    status.name(),
                    status.tier().name().toLowerCase(Locale.ROOT),
                    wire(status.state()),
                    status.since(),
                    status.lastSuccess().orElse(null),
                    status.message(),
                    Wording.read(status.message()).phrases());
        }
    }

    /// Down when a core component is; degraded when any other part is not well.
    public Status overall() {
        Status worst = Status.UP;
        for (ComponentStatus part : components.statuses()) {
            boolean vital = part.tier() == Tier.CORE && !DISPENSABLE.contains(part.name());
            if (part.state() == State.DOWN && vital) {
                return Status.DOWN;
            }
            if (part.state() != State.UP) {
                worst = Status.DEGRADED;
            }
        }
        return worst;
    }

    /// Every component, most important first.
    List<Part> parts() {
        return components.statuses().stream().map(Part::of).toList();
    }

    /// The component of that name, if there is one in this process.
    Optional<Part> part(String name) {
        return parts().stream().filter(p -> p.name().equals(name)).findFirst();
    }

    private static String wire(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
