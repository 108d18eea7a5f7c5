package dev.steward.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steward.base.ErrorCode;
import dev.steward.base.Page;
import dev.steward.base.StewardException;
import dev.steward.operations.BreakersController.BreakerView;
import dev.steward.resilience.BreakerConfig;
import dev.steward.resilience.BreakerListener;
import dev.steward.resilience.Breakers;
import dev.steward.testing.TestClock;
import dev.steward.web.PageRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BreakersControllerTest {

    private final Breakers breakers =
            new Breakers(BreakerConfig.defaults(), new TestClock(), () -> 0, BreakerListener.NONE);
    private final BreakersController controller = new BreakersController(breakers);

    private List<String> names(boolean descending) {
        List<String> names = new ArrayList<>();
        var request = new PageRequest(2, Optional.empty(), "name", descending, Map.of());
        Page<BreakerView> page = controller.list(request);
        while (true) {
            page.items().forEach(item -> names.add(item.name()));
            if (page.nextCursor().isEmpty()) {
                return names;
            }
            page = controller.list(new PageRequest(2, page.nextCursor(), "name", descending, Map.of()));
        }
    }

    @Test
    void everyBreakerIsListedOnceOverPages() {
        List.of("e", "a", "c", "b", "d").forEach(breakers::get);

        assertThat(names(false)).containsExactly("a", "b", "c", "d", "e");
        assertThat(names(true)).containsExactly("e", "d", "c", "b", "a");
    }

    @Test
    void anOpenBreakerShowsWhenItIsTriedAgainAndCanBeReset() {
        for (int i = 0; i < 5; i++) {
            breakers.get("a").require().failed();
        }
        assertThat(controller.find("a"))
                .isEqualTo(new BreakerView("a", "open", 5, 0, Optional.of(TestClock.NOON), 60_000));

        assertThat(controller.reset("a")).isEqualTo(new BreakerView("a", "closed", 0, 0, Optional.empty(), 0));
        assertThat(controller.find("a").state()).isEqualTo("closed");
    }

    @Test
    void anUnknownNameIsNotFoundAndNotMade() {
        assertThatThrownBy(() -> controller.find("x"))
                .isInstanceOfSatisfying(
                        StewardException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
        assertThatThrownBy(() -> controller.reset("x")).isInstanceOf(StewardException.class);
        assertThat(breakers.statuses()).isEmpty();
    }
}
