package dev.steward.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What may start without waiting, and what keeps it from that.
class WaitingTypesTest {

    private final WaitingTypes types = new WaitingTypes();

    @Test
    void aClaimThatFoundEverythingClearsItsType() {
        types.note("one");
        types.note("two");
        types.foundAll(List.of("one"), types.before());
        assertThat(types.mayWait("one")).isFalse();
        assertThat(types.mayWait("two")).isTrue();
    }

    @Test
    void wordThatCameDuringTheClaimStands() {
        types.note("one");
        Map<String, Long> before = types.before();
        types.note("one");
        types.foundAll(List.of("one"), before);
        assertThat(types.mayWait("one")).isTrue();
    }

    @Test
    void roomHeldForAClaimIsNotGivenTwiceAndComesBack() {
        var handlers = new TaskHandlers();
        var handler = new TestHandler("work", 3, Duration.ofMinutes(1), _ -> "null");
        handlers.add(handler);
        var slots = new Slots(handlers, 10);
        Slots.Held held = slots.hold(2, _ -> true);
        assertThat(held.byType()).containsEntry("work", 2);
        assertThat(slots.tryTake(handler)).isTrue();
        assertThat(slots.tryTake(handler)).isFalse();
        slots.took(held, Map.of("work", 1));
        assertThat(slots.tryTake(handler)).isTrue();
        assertThat(slots.tryTake(handler)).isFalse();
        assertThat(slots.hold(2, _ -> true).full()).containsExactly("work");
    }
}
