package dev.steward.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steward.base.UserId;
import dev.steward.tasks.TaskPostponedException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TellingTurnsTest {

    private final TellingTurns turns = new TellingTurns();
    private final UserId person = new UserId(new UUID(1, 1));
    private final UserId other = new UserId(new UUID(1, 2));

    @Test
    void whoFindsThePlaceTakenComesAgainLaterAndOthersAreNotHeldUp() throws Exception {
        try (var _ = turns.take(person)) {
            assertThatThrownBy(() -> turns.take(person))
                    .isInstanceOfSatisfying(
                            TaskPostponedException.class,
                            e -> assertThat(e.delay()).isPositive());
            turns.take(other).close();
        }
        turns.take(person).close();
    }
}
