package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// One reader's way through the events of one turn: every event after the starting point once, in order.
///
/// States: *behind* (events are in the table that are not in the buffer: the next read asks the table) and *live*
/// (the buffer continues where the reader is). A writer that finds the buffer full empties it and leaves the reader
/// behind. [#next], [#ready] and [#over] are for one thread; [#close] for any.
public final class TurnEvents implements AutoCloseable {

    /// Live events held for a reader. At 20 batches a second, 3 s of an answer; a page holds what comes after.
    public static final int BUFFER_EVENTS = 64;

    /// Characters of live events held for a reader, and of those read from the table at once; a single event may be
    /// longer.
    public static final int BUFFER_CHARS = 16 * 1024;

    private static final int PAGE_EVENTS = 64;

    private final TurnId turn;
    private final TurnEventSource source;
    private final Consumer<TurnEvents> onClose;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<TurnEvent> live = new ArrayDeque<>();
    private final ArrayDeque<TurnEvent> page = new ArrayDeque<>();
    private int liveChars;
    /// Number of the last event in `live`, or, when that is empty, of the last one handed out or paged in.
    private long reached;
    private boolean behind = true;
    private boolean checkEnd = true;
    private boolean ended;
    private boolean closed;

    TurnEvents(TurnId turn, long afterSeq, TurnEventSource source, Consumer<TurnEvents> onClose) {
        this.turn = requireNonNull(turn, "turn");
        this.source = requireNonNull(source, "source");
        this.onClose = requireNonNull(onClose, "onClose");
        this.reached = afterSeq;
    }

    /// Waits for the next event.
    ///
    /// @param patience how long at most; afterwards the reader may send a sign of life and ask again
    /// @return empty when nothing came in time, or when it is over: see [#over]
    /// @throws InterruptedException when the reader is to stop
    public Optional<TurnEvent> next(Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        while (true) {
            TurnEvent paged = page.poll();
            if (paged != null) {
                return Optional.of(handOut(paged));
            }
            long after;
            lock.lock();
            try {
                TurnEvent event = live.poll();
                if (event != null) {
                    liveChars -= event.data().length();
                    return Optional.of(handOut(event));
                }
                if (ended || closed) {
                    return Optional.empty();
                }
                if (!behind) {
                    if (nanos <= 0) {
                        return Optional.empty();
                    }
                    nanos = changed.awaitNanos(nanos);
                    continue;
                }
                // From here on live events queue up again, in the order after what the page will hold.
                behind = false;
                after = reached;
            } finally {
                lock.unlock();
            }
            readPage(after);
        }
    }

    /// The next event if it is in memory already; never waits, never asks the table.
    public Optional<TurnEvent> ready() {
        TurnEvent paged = page.poll();
        if (paged != null) {
            return Optional.of(handOut(paged));
        }
        lock.lock();
        try {
            TurnEvent event = live.poll();
            if (event == null) {
                return Optional.empty();
            }
            liveChars -= event.data().length();
            return Optional.of(handOut(event));
        } finally {
            lock.unlock();
        }
    }

    /// Whether no event will come any more: the last one was handed out, or the subscription was closed.
    public boolean over() {
        lock.lock();
        try {
            return page.isEmpty() && live.isEmpty() && (ended || closed);
        } finally {
            lock.unlock();
        }
    }

    /// Ends the subscription; a waiting reader wakes up.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            live.clear();
            liveChars = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        onClose.accept(this);
    }

    TurnId turn() {
        return turn;
    }

    int buffered() {
        lock.lock();
        try {
            return live.size();
        } finally {
            lock.unlock();
        }
    }

    /// Characters held for the reader, of both kinds. For the reader's thread.
    int heldChars() {
        lock.lock();
        try {
            return liveChars
                    + page.stream().mapToInt(event -> event.data().length()).sum();
        } finally {
            lock.unlock();
        }
    }

    void offer(List<TurnEvent> events) {
        lock.lock();
        try {
            for (TurnEvent event : events) {
                if (behind || event.seq() <= reached) {
                    continue;
                }
                boolean full =
                        live.size() >= BUFFER_EVENTS || liveChars + event.data().length() > BUFFER_CHARS;
                if (event.seq() != reached + 1 || full) {
                    fallBehind();
                } else {
                    live.add(event);
                    liveChars += event.data().length();
                    reached = event.seq();
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void announced(long seq) {
        lock.lock();
        try {
            if (!behind && seq > reached) {
                fallBehind();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// The buffer is given up; the table has all of it.
    private void fallBehind() {
        TurnEvent first = live.peek();
        if (first != null) {
            reached = first.seq() - 1;
        }
        live.clear();
        liveChars = 0;
        behind = true;
    }

    private void readPage(long after) {
        boolean joined = false;
        try {
            List<TurnEvent> read = source.after(turn, after, PAGE_EVENTS);
            List<TurnEvent> events = upTo(BUFFER_CHARS, read);
            boolean more = read.size() == PAGE_EVENTS || events.size() < read.size();
            // Only a reader that has all of an ended turn finds no last event.
            var state =
                    checkEnd && events.isEmpty() ? source.states(List.of(turn)).get(turn) : null;
            page.addAll(events);
            join(after, events, more, state != null && state.ended() && state.lastSeq() <= after);
            checkEnd = false;
            joined = true;
        } finally {
            if (!joined) {
                startOver(after);
            }
        }
    }

    /// The first events, as many as hold so many characters, and at least one. The rest is read again when its turn
    /// comes: what a slow reader is spared costs a fast one nothing worth measuring.
    private static List<TurnEvent> upTo(int charsMax, List<TurnEvent> events) {
        int count = 0;
        int chars = 0;
        while (count < events.size()
                && (count == 0 || chars + events.get(count).data().length() <= charsMax)) {
            chars += events.get(count).data().length();
            count++;
        }
        return events.subList(0, count);
    }

    /// Puts page and buffer together. The buffer, unless it fell behind again meanwhile, holds what follows
    /// `after`
    /// without a gap, so once it has lost what the page holds too, it goes on where the page ends.
    private void join(long after, List<TurnEvent> events, boolean more, boolean nothingFollows) {
        long last = events.isEmpty() ? after : events.getLast().seq();
        lock.lock();
        try {
            while (!live.isEmpty() && live.element().seq() <= last) {
                liveChars -= live.remove().data().length();
            }
            if (live.isEmpty()) {
                reached = last;
                behind |= more;
            }
            ended |= nothingFollows;
        } finally {
            lock.unlock();
        }
    }

    /// Reading failed: whoever asks again gets what was missed.
    private void startOver(long after) {
        lock.lock();
        try {
            reached = after;
            live.clear();
            liveChars = 0;
            behind = true;
        } finally {
            lock.unlock();
        }
    }

    private TurnEvent handOut(TurnEvent event) {
        if (event.kind().last()) {
            lock.lock();
            try {
                ended = true;
            } finally {
                lock.unlock();
            }
        }
        return event;
    }
}
