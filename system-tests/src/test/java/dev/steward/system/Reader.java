package dev.steward.system;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Somebody who watches an answer come and reconnects by `Last-Event-ID` however often the connection breaks.
final class Reader {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Person person;
    private final String turn;
    private final List<Person.Event> events = new ArrayList<>();
    private int connections;

    private Reader(Person person, String turn) {
        this.person = person;
        this.turn = turn;
    }

    /// What was read, in the order of arrival.
    record Read(List<Person.Event> events, int connections) {

        String text() {
            return Person.text(events);
        }

        Person.Event last() {
            return events.getLast();
        }
    }

    /// Starts to read on a thread of its own, until the turn ends.
    static CompletableFuture<Read> follow(Person person, String turn) {
        var result = new CompletableFuture<Read>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(new Reader(person, turn).read());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private Read read() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            try {
                long last = events.isEmpty() ? 0 : events.getLast().id();
                connections++;
                events.addAll(person.events(turn, last, Person::ends));
            } catch (IOException _) {
                // Nobody answers at the moment: come back.
            }
            if (!events.isEmpty() && Person.ends(events.getLast())) {
                return new Read(List.copyOf(events), connections);
            }
            Thread.sleep(PAUSE);
        }
        throw new AssertionError("the answer did not end within " + PATIENCE + "; last events: "
                + events.subList(Math.max(0, events.size() - 5), events.size()));
    }
}
