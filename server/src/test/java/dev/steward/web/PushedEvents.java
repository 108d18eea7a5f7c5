package dev.steward.web;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A feed that a test pushes events into; they are handed out one by one, as the product's feeds hand out bounded
/// batches.
final class PushedEvents implements EventFeed {

    private static final StreamEvent END = StreamEvent.of(-1, "end", "");

    private final BlockingQueue<StreamEvent> events = new LinkedBlockingQueue<>();
    private volatile boolean ended;

    void push(StreamEvent event) {
        events.add(event);
    }

    /// Ends the feed after what is in it.
    void finish() {
        events.add(END);
    }

    @Override
    public List<StreamEvent> next(Duration waitAtMost) throws InterruptedException {
        StreamEvent event = events.poll(waitAtMost.toNanos(), TimeUnit.NANOSECONDS);
        ended |= END.equals(event);
        return event == null || END.equals(event) ? List.of() : List.of(event);
    }

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public void close() {
        ended = true;
        finish();
    }
}
