package dev.steward.web;

import java.time.Duration;
import java.util.List;

/// Where an [EventStream] gets its events from. Pulled by one thread, as fast as the reader reads: a slow reader
/// pulls late and never holds up a producer, so what is behind stays in its log and not in memory.
public interface EventFeed extends AutoCloseable {

    /// The next events in order. Waits until there is at least one, the feed ends, or `waitAtMost` is over.
    ///
    /// @return at most a few hundred events; none when the time is over
    /// @throws InterruptedException when the thread is to give up
    List<StreamEvent> next(Duration waitAtMost) throws InterruptedException;

    /// Whether nothing more will come; asked after [#next] returned.
    boolean ended();

    /// Ends the feed: the stream is over, or the server stops. [#next] returns soon, also if it is waiting. Called by
    /// any thread, perhaps more than once.
    @Override
    void close();
}
