package dev.steward.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import tools.jackson.databind.JsonNode;

/// Somebody who watches an answer come, and comes back with `Last-Event-ID` however often the connection breaks.
/// Safe for use by many threads.
final class Reader {

    private static final int PAUSE_MS = 50;

    final String turn;
    private final Person person;
    private final List<Person.Event> events = new CopyOnWriteArrayList<>();
    private final List<Person.End> ends = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Person.Event> last = new CompletableFuture<>();
    private volatile String trouble = "";

    private Reader(Person person, String turn) {
        this.person = person;
        this.turn = turn;
    }

    /// Starts to read on a thread of its own, until the turn ends.
    static Reader follow(Person person, String turn) {
        var reader = new Reader(person, turn);
        Thread.ofVirtual().start(() -> {
            try {
                reader.read();
            } catch (Throwable e) {
                reader.last.completeExceptionally(e);
            }
        });
        return reader;
    }

    private void read() throws InterruptedException {
        while (!last.isDone()) {
            try {
                ends.add(person.listen(turn, lastId(), events::add));
                if (!events.isEmpty() && events.getLast().last()) {
                    last.complete(events.getLast());
                    return;
                }
            } catch (IOException e) {
                // Nobody answers at the moment, or only to say no: come back.
                trouble = e.toString();
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
    }

    long lastId() {
        return events.isEmpty() ? 0 : events.getLast().id();
    }

    List<Person.Event> events() {
        return List.copyOf(events);
    }

    /// How each of its connections ended that had begun as a stream.
    List<Person.End> ends() {
        return List.copyOf(ends);
    }

    boolean done() {
        return last.isDone();
    }

    /// Waits until text came that was not there after event `id`.
    ///
    /// @return the first such event
    Person.Event awaitTextAfter(long id) {
        Eventually.until(
                "the answer goes on after event " + id, Person.PATIENCE, () -> textAfter(id) != null || last.isDone());
        Person.Event event = textAfter(id);
        if (event == null) {
            throw new AssertionError("the turn ended after event " + id + ": " + events.getLast());
        }
        return event;
    }

    /// Waits until text came after this moment of `System.nanoTime`.
    ///
    /// @return the first such event
    Person.Event awaitTextSince(long nanos) {
        long before = events.stream()
                .filter(e -> e.nanos() - nanos < 0)
                .mapToLong(Person.Event::id)
                .max()
                .orElse(0);
        return awaitTextAfter(before);
    }

    /// Waits until text comes, or the turn ends.
    void awaitMore() {
        long seen = lastId();
        Eventually.until("the answer goes on or ends", Person.PATIENCE, () -> textAfter(seen) != null || last.isDone());
    }

    private Person.Event textAfter(long id) {
        return events.stream()
                .filter(e -> e.id() > id && e.kind().equals("token"))
                .findFirst()
                .orElse(null);
    }

    /// Waits for the turn's last event.
    Person.Event await() throws InterruptedException {
        return await(Person.PATIENCE);
    }

    Person.Event await(Duration most) throws InterruptedException {
        try {
            return last.get(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            List<Person.Event> seen = events();
            throw new AssertionError("turn " + turn + " did not end within " + most + "; " + trouble + "; last events: "
                    + seen.subList(Math.max(0, seen.size() - 5), seen.size()));
        } catch (ExecutionException e) {
            throw new AssertionError("the reader failed", e.getCause());
        }
    }

    /// What a reader of these events has on the screen.
    String text() {
        var text = new StringBuilder();
        for (Person.Event event : events) {
            if (event.kind().equals("token")) {
                text.append(event.data().path("text").asString());
            } else if (event.kind().equals("reset")) {
                text.setLength(event.data().path("offset").asInt());
            }
        }
        return text.toString();
    }

    /// Waits for the end, and checks that nothing was lost or came twice: every id once and in order, and the text
    /// on the screen is the text that is kept.
    void assertWhole() throws IOException, InterruptedException {
        Person.Event end = await();
        assertThat(end.kind()).as("%s", end).isEqualTo("completed");
        assertThat(events.stream().map(Person.Event::id))
                .as("every id once, in order")
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, events.size()).boxed().toList());
        JsonNode kept = person.turn(turn);
        assertThat(kept.path("status").asString()).isEqualTo("completed");
        assertThat(text()).isEqualTo(kept.path("answer").asString()).isNotBlank();
    }
}
