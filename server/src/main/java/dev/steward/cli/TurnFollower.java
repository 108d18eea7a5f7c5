package dev.steward.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Follows one turn to its end, whatever happens to the connection or the server: comes back with the last event's id,
/// takes each event once. For one thread.
final class TurnFollower {

    /// Three heartbeats of the server: then the connection is dead, even if nobody said so.
    static final Duration SILENCE_MAX = Duration.ofSeconds(45);

    /// A restart takes seconds; who waits longer than this is better told.
    static final Duration AWAY_MAX = Duration.ofMinutes(5);

    /// The agent that answers unless another one is better at it.
    private static final String CHIEF = "alpha";

    private static final JsonMapper JSON = JsonMapper.shared();

    private final ServerClient server;
    private final AnswerView view;
    private final Backoff backoff;
    private final StringBuilder answer = new StringBuilder();
    private String status = "";
    private String lastId = "";
    private long lastNumber;

    TurnFollower(ServerClient server, AnswerView view, RandomGenerator random) {
        this.server = requireNonNull(server, "server");
        this.view = requireNonNull(view, "view");
        this.backoff = new Backoff(random);
    }

    /// @param events the turn's stream
    /// @throws CliException if the server refuses or stays away too long
    TurnResult follow(String events) {
        boolean broken = false;
        long away = System.nanoTime();
        while (true) {
            try (SseReader reader = server.events(events, lastId)) {
                if (broken) {
                    view.note("Connected again, continuing.");
                    broken = false;
                }
                Optional<TurnResult> result = read(reader);
                if (result.isPresent()) {
                    return result.get();
                }
            } catch (IOException e) {
                // The next try tells whether it matters.
            } catch (InterruptedException e) {
                throw ServerClient.interrupted();
            }
            if (!broken) {
                broken = true;
                away = System.nanoTime();
                view.note("Interrupted, the answer goes on …");
            } else if (System.nanoTime() - away > AWAY_MAX.toNanos()) {
                throw new CliException(
                        CliException.UNAVAILABLE,
                        "the server stays away. Your question and its answer are kept there: steward chat --continue");
            }
            ServerClient.pause(backoff.next());
        }
    }

    private Optional<TurnResult> read(SseReader reader) throws IOException {
        Thread watch = Thread.ofVirtual().start(() -> closeWhenSilent(reader));
        try {
            for (Optional<SseEvent> event = reader.next(); event.isPresent(); event = reader.next()) {
                backoff.reset();
                if (isNew(event.get())) {
                    Optional<TurnResult> result = apply(event.get());
                    if (result.isPresent()) {
                        return result;
                    }
                }
            }
            return Optional.empty();
        } finally {
            watch.interrupt();
        }
    }

    /// Ids ascend; an event that was seen before is a repeat.
    private boolean isNew(SseEvent event) {
        if (!event.id().matches("\\d{1,18}")) {
            return true;
        }
        long number = Long.parseLong(event.id());
        if (number <= lastNumber) {
            return false;
        }
        lastNumber = number;
        lastId = event.id();
        return true;
    }

    private Optional<TurnResult> apply(SseEvent event) {
        JsonNode data = JSON.readTree(event.data());
        switch (event.name()) {
            case "token" -> {
                String text = data.path("text").asString("");
                answer.append(text);
                view.token(text);
            }
            case "reset" -> {
                int offset = Math.clamp(data.path("offset").asInt(0), 0, answer.length());
                if (offset < answer.length()) {
                    answer.setLength(offset);
                    view.reset(offset);
                }
            }
            case "agent" -> tellSpecialist(data);
            case "recovery" -> view.note(data.path("message").asString(""));
            case "status" -> tellOnce(data.path("message").asString(""));
            case "completed" -> {
                return Optional.of(new TurnResult.Completed(answer.toString()));
            }
            case "failed" -> {
                String detail = data.path("problem").path("detail").asString("The answer failed.");
                return Optional.of(new TurnResult.Failed(answer.toString(), detail));
            }
            case "cancelled" -> {
                return Optional.of(new TurnResult.Cancelled(answer.toString()));
            }
            default -> {} // started, memory, …: nothing to show in a terminal
        }
        return Optional.empty();
    }

    /// Why nothing comes yet is told again and again; a person reads what is new in it.
    private void tellOnce(String message) {
        if (!message.equals(status)) {
            status = message;
            view.note(message);
        }
    }

    /// That the chief assistant answers needs no words.
    private void tellSpecialist(JsonNode data) {
        String name = data.path("name").asString("");
        String why = data.path("why").asString("");
        if (!name.equals(CHIEF)) {
            view.note(name + (why.isEmpty() ? "" : ": " + why));
        }
    }

    private static void closeWhenSilent(SseReader reader) {
        try {
            while (reader.idleNanos() < SILENCE_MAX.toNanos()) {
                TimeUnit.SECONDS.sleep(1);
            }
            reader.close();
        } catch (InterruptedException | IOException e) {
            Thread.currentThread().interrupt();
        }
    }
}
