package dev.steward.schedules;

import dev.steward.base.UserId;
import dev.steward.tasks.TaskPostponedException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Lets one attempt of this process at a time tell a person something: all of it goes into one conversation, whose
/// row only one transaction can change at once. Hundreds that waited there would hold a connection each, run into
/// their time limits, and be given up as failed; here they wait without one, shortly, and then come again later,
/// which counts as no attempt.
///
/// People share places by the hash of their id; who shares one waits for another, no more. Safe for use by many
/// threads.
final class TellingTurns {

    private static final int PLACES = 256;

    /// Well below the time limit of an attempt; telling takes milliseconds.
    private static final Duration WAIT_MAX = Duration.ofSeconds(5);

    /// Apart, so that those who come again don't come at once.
    private static final int AGAIN_MILLIS_MIN = 500;

    private static final int AGAIN_MILLIS_MAX = 3_000;

    private final Semaphore[] places =
            Stream.generate(() -> new Semaphore(1, true)).limit(PLACES).toArray(Semaphore[]::new);

    /// Held until it is closed.
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /// @throws TaskPostponedException others tell this person something; come again
    Place take(UserId person) throws TaskPostponedException, InterruptedException {
        Semaphore place = places[Math.floorMod(person.value().hashCode(), PLACES)];
        if (!place.tryAcquire(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new TaskPostponedException(
                    Duration.ofMillis(ThreadLocalRandom.current().nextInt(AGAIN_MILLIS_MIN, AGAIN_MILLIS_MAX)),
                    "others write into the same conversation");
        }
        return place::release;
    }
}
