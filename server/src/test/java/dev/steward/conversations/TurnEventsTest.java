package dev.steward.conversations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import dev.steward.testing.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Readers of a turn over a table in memory.
class TurnEventsTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final Table table = new Table();
    private final TurnEventFeed feed = new TurnEventFeed(table, TurnNews.none());
    private final TurnId turn = new TurnId(UUID.randomUUID());

    @AfterEach
    void close() {
        feed.close();
    }

    @Test
    void everyReaderGetsEveryEventOnceInOrderWhereverItStartsAndHoweverSlowItIs() throws Exception {
        int events = 3_000;
        table.add(turn, token(1));
        List<Thread> threads = new ArrayList<>();
        List<List<Long>> seen = new CopyOnWriteArrayList<>();
        for (int reader = 0; reader < 20; reader++) {
            long seed = reader;
            threads.add(Thread.ofVirtual().start(() -> seen.add(readWithReconnects(seed))));
        }
        var random = new Random(42);
        for (long seq = 2; seq <= events; ) {
            List<TurnEvent> batch = new ArrayList<>();
            for (int i = random.nextInt(1, 40); i > 0 && seq <= events; i--) {
                batch.add(seq == events ? new TurnEvent(seq, TurnEventKind.COMPLETED, "{}") : token(seq));
                seq++;
            }
            table.add(turn, batch.toArray(TurnEvent[]::new));
            // Some batches come from another process: nobody tells the feed, the poll finds them.
            if (random.nextInt(10) > 0) {
                feed.publish(turn, batch);
            } else if (random.nextBoolean()) {
                feed.lookOnce();
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(seen).hasSize(20);
        List<Long> all = LongStream.rangeClosed(1, events).boxed().toList();
        assertThat(seen).allSatisfy(ids -> assertThat(ids).isEqualTo(all));
        assertThat(feed.subscriptions()).isZero();
    }

    @Test
    void aThousandReadersThatTakeNothingHoldABoundedNumberOfEventsAndStillGetAll() throws Exception {
        table.add(turn, token(1));
        List<TurnEvents> readers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            TurnEvents reader = feed.subscribe(turn, 0);
            reader.next(SOON);
            readers.add(reader);
        }
        int most = 0;
        for (long seq = 2; seq <= 2_000; seq++) {
            TurnEvent event = token(seq);
            table.add(turn, event);
            feed.publish(turn, List.of(event));
            most = Math.max(most, readers.getFirst().buffered());
        }
        assertThat(most).isLessThanOrEqualTo(TurnEvents.BUFFER_EVENTS);
        assertThat(feed.buffered()).isLessThanOrEqualTo(1_000 * TurnEvents.BUFFER_EVENTS);

        TurnEvents one = readers.getLast();
        for (long seq = 2; seq <= 2_000; seq++) {
            assertThat(one.next(SOON).orElseThrow().seq()).isEqualTo(seq);
        }
        readers.forEach(TurnEvents::close);
        assertThat(feed.subscriptions()).isZero();
        assertThat(feed.buffered()).isZero();
    }

    @Test
    void bigEventsAreBoundedByTheirCharacters() throws Exception {
        table.add(turn, token(1));
        TurnEvents reader = feed.subscribe(turn, 0);
        reader.next(SOON);
        TurnEvent big = new TurnEvent(2, TurnEventKind.TOKEN, "x".repeat(TurnEvents.BUFFER_CHARS + 1));
        table.add(turn, big);
        feed.publish(turn, List.of(big));

        assertThat(reader.buffered()).isZero();
        assertThat(reader.next(SOON)).contains(big);
    }

    @Test
    void aReaderThatIsBehindHoldsABoundedNumberOfCharactersAndStillGetsAll() throws Exception {
        int events = 300;
        for (long seq = 1; seq < events; seq++) {
            table.add(turn, new TurnEvent(seq, TurnEventKind.TOKEN, "x".repeat(2_000)));
        }
        table.add(turn, new TurnEvent(events, TurnEventKind.COMPLETED, "{}"));
        TurnEvents reader = feed.subscribe(turn, 0);
        for (long seq = 1; seq <= events; seq++) {
            assertThat(reader.next(SOON).orElseThrow().seq()).isEqualTo(seq);
            assertThat(reader.heldChars()).isLessThanOrEqualTo(2 * TurnEvents.BUFFER_CHARS);
        }

        assertThat(reader.over()).isTrue();
    }

    @Test
    void aThousandReadersAtOnceAskTheTableAFewAtATimeAndAllGetIn() throws Exception {
        table.add(turn, token(1));
        var served = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                try (TurnEvents reader = feed.subscribe(turn, 0)) {
                    reader.next(SOON).ifPresent(_ -> served.incrementAndGet());
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(served).hasValue(1_000);
        assertThat(table.asking).hasValueLessThanOrEqualTo(QueuedReads.AT_ONCE_MAX);
        assertThat(feed.subscriptions()).isZero();
    }

    @Test
    void aReaderOfAnEndedTurnIsOverAfterItsLastEvent() throws Exception {
        table.add(turn, token(1), new TurnEvent(2, TurnEventKind.CANCELLED, "{}"));

        TurnEvents fromTheStart = feed.subscribe(turn, 0);
        assertThat(fromTheStart.next(SOON)).isPresent();
        assertThat(fromTheStart.over()).isFalse();
        assertThat(fromTheStart.next(SOON)).isPresent();
        assertThat(fromTheStart.over()).isTrue();
        TurnEvents fromTheEnd = feed.subscribe(turn, 2);
        assertThat(fromTheEnd.next(SOON)).isEmpty();
        assertThat(fromTheEnd.over()).isTrue();
    }

    @Test
    void anEventThatTheTurnDoesNotHaveIsRefused() {
        table.add(turn, token(1));

        assertThatThrownBy(() -> feed.subscribe(turn, 2)).isInstanceOf(StewardException.class);
        assertThatThrownBy(() -> feed.subscribe(turn, -1)).isInstanceOf(StewardException.class);
        assertThatThrownBy(() -> feed.subscribe(new TurnId(UUID.randomUUID()), 0))
                .isInstanceOf(StewardException.class);
    }

    @Test
    void whatAnotherProcessWroteIsFoundByThePoll() throws Exception {
        table.add(turn, token(1));
        TurnEvents reader = feed.subscribe(turn, 1);
        assertThat(reader.next(Duration.ZERO)).isEmpty();
        table.add(turn, token(2));

        assertThat(reader.next(SOON).map(TurnEvent::seq)).contains(2L);
    }

    @Test
    void aReadThatFailsLosesNothing() throws Exception {
        table.add(turn, token(1), token(2));
        TurnEvents reader = feed.subscribe(turn, 0);
        table.broken.set(true);
        assertThatThrownBy(() -> reader.next(SOON)).hasMessage("database away");
        table.broken.set(false);

        assertThat(reader.next(SOON).map(TurnEvent::seq)).contains(1L);
        assertThat(reader.next(SOON).map(TurnEvent::seq)).contains(2L);
    }

    @Test
    void closingTheFeedWakesItsReaders() throws Exception {
        table.add(turn, token(1));
        TurnEvents reader = feed.subscribe(turn, 1);
        var woken = new AtomicBoolean();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                woken.set(reader.next(Duration.ofMinutes(5)).isEmpty());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        feed.close();
        thread.join();

        assertThat(woken).isTrue();
        Eventually.until("it is over", reader::over);
    }

    /// Reads like a client whose connection breaks now and then.
    private List<Long> readWithReconnects(long seed) {
        var random = new Random(seed);
        List<Long> ids = new ArrayList<>();
        boolean ended = false;
        while (!ended) {
            long last = ids.isEmpty() ? 0 : ids.getLast();
            try (TurnEvents events = feed.subscribe(turn, last)) {
                for (int left = random.nextInt(1, 400); left > 0 && !ended; left--) {
                    Optional<TurnEvent> event = random.nextInt(4) == 0
                            ? events.ready()
                            : events.next(Duration.ofMillis(random.nextInt(1, 50)));
                    event.ifPresent(e -> ids.add(e.seq()));
                    ended = event.filter(e -> e.kind().last()).isPresent();
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        return ids;
    }

    /// Now and then one that is large.
    private static TurnEvent token(long seq) {
        String text = seq % 50 == 0 ? "x".repeat(TurnEvents.BUFFER_CHARS / 2) : Long.toString(seq);
        return new TurnEvent(seq, TurnEventKind.TOKEN, "{\"text\": \"" + text + "\"}");
    }

    private static final class Table implements TurnEventSource {

        private final Map<TurnId, List<TurnEvent>> rows = new ConcurrentHashMap<>();
        final AtomicBoolean broken = new AtomicBoolean();
        final AtomicInteger asking = new AtomicInteger();
        private final AtomicInteger reading = new AtomicInteger();

        void add(TurnId turn, TurnEvent... events) {
            rows.computeIfAbsent(turn, _ -> new CopyOnWriteArrayList<>()).addAll(List.of(events));
        }

        @Override
        public List<TurnEvent> after(TurnId turn, long seq, int limit) {
            if (broken.get()) {
                throw new IllegalStateException("database away");
            }
            asking.accumulateAndGet(reading.incrementAndGet(), Math::max);
            LockSupport.parkNanos(1_000);
            reading.decrementAndGet();
            return rows.getOrDefault(turn, List.of()).stream()
                    .filter(e -> e.seq() > seq)
                    .limit(limit)
                    .toList();
        }

        @Override
        public Optional<State> state(UserId owner, TurnId turn) {
            return Optional.ofNullable(states(List.of(turn)).get(turn));
        }

        @Override
        public Map<TurnId, State> states(Collection<TurnId> turns) {
            Map<TurnId, State> states = new HashMap<>();
            for (TurnId id : turns) {
                List<TurnEvent> events = rows.getOrDefault(id, List.of());
                if (!events.isEmpty()) {
                    TurnEvent last = events.getLast();
                    states.put(id, new State(last.seq(), last.kind().last()));
                }
            }
            return states;
        }
    }
}
