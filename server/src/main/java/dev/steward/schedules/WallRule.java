package dev.steward.schedules;

import java.time.LocalDateTime;
import java.util.Optional;

/// Times on a wall clock that knows no zone and so no change of it.
interface WallRule {

    /// The first time after `after`.
    Optional<LocalDateTime> next(LocalDateTime after);

    /// Whether it counts hours or minutes rather than naming times of day. Such a rule goes by real time when
    /// clocks change: an hour that comes twice runs twice, one that is left out does not run.
    boolean counting();
}
