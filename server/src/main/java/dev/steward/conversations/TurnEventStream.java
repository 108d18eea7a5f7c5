package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import dev.steward.web.EventFeed;
import dev.steward.web.StreamEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One reader's events of a turn, as server-sent events. Ends with the turn.
public final class TurnEventStream implements EventFeed {

    /// Events handed to the socket at once.
    private static final int BATCH_MAX = 64;

    /// Characters from which on a batch is full: a reader that doesn't take it holds it in memory, several times over.
    private static final int BATCH_CHARS = 8 * 1024;

    private final TurnEvents events;

    public TurnEventStream(TurnEvents events) {
        this.events = requireNonNull(events, "events");
    }

    @Override
    public List<StreamEvent> next(Duration waitAtMost) throws InterruptedException {
        List<StreamEvent> batch = new ArrayList<>();
        int chars = 0;
        Optional<TurnEvent> event = events.next(waitAtMost);
        while (event.isPresent()) {
            TurnEvent e = event.get();
            batch.add(StreamEvent.of(e.seq(), e.kind().wire(), e.data()));
            chars += e.data().length();
            if (batch.size() == BATCH_MAX || chars >= BATCH_CHARS) {
                break;
            }
            event = events.ready();
        }
        return batch;
    }

    @Override
    public boolean ended() {
        return events.over();
    }

    @Override
    public void close() {
        events.close();
    }
}
