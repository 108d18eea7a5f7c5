package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.FieldFault;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives the events of turns to any number of readers, each from any point, each at its own pace.
///
/// Writers of this process hand over what they committed; other processes tell how far their turns have come
/// ([TurnNews]), and one query for all turns that are being read, every [#POLL], finds what no word came for. A reader
/// holds at most [TurnEvents#BUFFER_EVENTS] live events and one
/// page; one that is behind reads the table again. So memory is bounded for each reader and no reader slows a
/// writer or another reader (RES-7).
///
/// Safe for use by many threads. [#close] ends every subscription.
public final class TurnEventFeed implements AutoCloseable {

    /// How late a reader may learn of events that another process wrote, where no word of them arrives.
    public static final Duration POLL = Duration.ofMillis(500);

    /// Subscriptions of this process at once; more are refused: each holds a thread and a connection of a client.
    public static final int SUBSCRIPTIONS_MAX = 20_000;

    /// Turns asked about in one query of the poll.
    private static final int POLL_BATCH = 1_000;

    private static final Logger log = LoggerFactory.getLogger(TurnEventFeed.class);

    private final TurnEventSource source;
    private final TurnEventSource queued;
    private final TurnNews news;
    private final ConcurrentHashMap<TurnId, Set<TurnEvents>> readers = new ConcurrentHashMap<>();
    private final java.util.concurrent.atomic.AtomicInteger count = new java.util.concurrent.atomic.AtomicInteger();
    private final Thread poller;
    private volatile boolean closed;

    /// @param news tells the other processes, and hears from them
    TurnEventFeed(TurnEventSource source, TurnNews news) {
        this.source = requireNonNull(source, "source");
        this.news = requireNonNull(news, "news");
        this.queued = new QueuedReads(source);
        this.poller = Thread.ofVirtual().name("turn-event-poll").unstarted(this::poll);
        news.start(this::announce);
        poller.start();
    }

    /// Starts reading a turn after event `afterSeq`. The caller has checked that the turn may be read.
    ///
    /// @param afterSeq number of the last event that the reader has; 0: from the beginning
    /// @throws StewardException `validation_error` if the turn has no such event; `service_unavailable` past
    ///                          [#SUBSCRIPTIONS_MAX]
    public TurnEvents subscribe(TurnId turn, long afterSeq) {
        return subscribe(
                turn, afterSeq, Optional.ofNullable(queued.states(List.of(turn)).get(turn)));
    }

    /// The same for a caller who may not be its owner: then, and when its conversation is deleted, there is no such
    /// turn.
    public TurnEvents subscribe(UserId owner, TurnId turn, long afterSeq) {
        return subscribe(turn, afterSeq, queued.state(owner, turn));
    }

    private TurnEvents subscribe(TurnId turn, long afterSeq, Optional<TurnEventSource.State> there) {
        TurnEventSource.State state = there.orElseThrow(() -> StewardException.notFound("turn"));
        if (afterSeq < 0 || afterSeq > state.lastSeq()) {
            throw StewardException.invalid(List.of(
                    new FieldFault("after", "range", "name an event that this turn has, 0 to " + state.lastSeq())));
        }
        if (closed || count.incrementAndGet() > SUBSCRIPTIONS_MAX) {
            count.decrementAndGet();
            throw StewardException.busy(
                    ErrorCode.SERVICE_UNAVAILABLE, Saying.TOO_MANY_WATCHED.said(), Duration.ofSeconds(5));
        }
        var events = new TurnEvents(turn, afterSeq, queued, this::forget);
        readers.compute(turn, (_, set) -> {
            Set<TurnEvents> all = set == null ? ConcurrentHashMap.newKeySet() : set;
            all.add(events);
            return all;
        });
        if (closed) {
            events.close();
        }
        return events;
    }

    /// Live events held for readers at this moment, for metrics and tests.
    public int buffered() {
        return readers.values().stream()
                .flatMap(Set::stream)
                .mapToInt(TurnEvents::buffered)
                .sum();
    }

    /// Readers at this moment.
    public int subscriptions() {
        return count.get();
    }

    /// Hands over events that are committed.
    void publish(TurnId turn, List<TurnEvent> events) {
        Set<TurnEvents> all = readers.get(turn);
        if (all != null) {
            all.forEach(reader -> reader.offer(events));
        }
        if (!events.isEmpty()) {
            news.tell(turn, events.getLast().seq());
        }
    }

    /// Says here and to other processes that a turn has events up to `seq`, which are committed.
    void committed(TurnId turn, long seq) {
        announce(turn, seq);
        news.tell(turn, seq);
    }

    /// Says that a turn has events up to `seq`, to be read from the table.
    void announce(TurnId turn, long seq) {
        Set<TurnEvents> all = readers.get(turn);
        if (all != null) {
            all.forEach(reader -> reader.announced(seq));
        }
    }

    @Override
    public void close() {
        closed = true;
        poller.interrupt();
        readers.values().stream().flatMap(Set::stream).forEach(TurnEvents::close);
    }

    private void forget(TurnEvents reader) {
        readers.computeIfPresent(reader.turn(), (_, all) -> {
            if (all.remove(reader)) {
                count.decrementAndGet();
            }
            return all.isEmpty() ? null : all;
        });
    }

    private void poll() {
        while (!closed) {
            try {
                Thread.sleep(POLL);
                lookOnce();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                log.atWarn()
                        .setCause(e)
                        .addKeyValue("subscriptions", count.get())
                        .log("turn events of other processes can't be looked for now");
            }
        }
    }

    /// One look at every turn that is being read.
    void lookOnce() {
        List<TurnId> turns = List.copyOf(readers.keySet());
        for (int from = 0; from < turns.size(); from += POLL_BATCH) {
            List<TurnId> batch = turns.subList(from, Math.min(turns.size(), from + POLL_BATCH));
            Map<TurnId, TurnEventSource.State> states = source.states(batch);
            for (TurnId turn : batch) {
                var state = states.get(turn);
                if (state != null) {
                    announce(turn, state.lastSeq());
                } else {
                    readers.getOrDefault(turn, Set.of()).forEach(TurnEvents::close);
                }
            }
        }
    }
}
