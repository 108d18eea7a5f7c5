package dev.steward.models.embedded;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// An answer that may still wait for its turn, or for the model to be loaded: meanwhile it says so at each look, so
/// that the caller can tell waiting from silence. Used by one thread.
final class PendingAnswer implements EngineAnswer {

    private final CompletableFuture<EngineAnswer> begun = new CompletableFuture<>();
    private final Thread beginner;

    PendingAnswer(EngineAccess engine, EngineRequest request) {
        beginner = Thread.ofVirtual().name("embedded-model-begin").start(() -> begin(engine, request));
    }

    private void begin(EngineAccess engine, EngineRequest request) {
        try {
            begun.complete(engine.begin(request));
        } catch (InterruptedException e) {
            begun.completeExceptionally(e);
            Thread.currentThread().interrupt();
        } catch (EngineUnavailableException | RuntimeException e) {
            begun.completeExceptionally(e);
        }
    }

    @Override
    public Optional<EngineEvent> next(Duration wait) throws InterruptedException {
        EngineAnswer answer;
        try {
            answer = begun.get(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            return Optional.of(EngineEvent.Reading.WAITING);
        } catch (ExecutionException e) {
            return Optional.of(
                    switch (e.getCause()) {
                        case EngineUnavailableException no ->
                            new EngineEvent.Unavailable(
                                    no instanceof EngineBusyException,
                                    String.valueOf(no.getMessage()),
                                    no.retryAfter());
                        case null, default -> new EngineEvent.Failed("the model's engine could not be asked");
                    });
        }
        return answer.next(wait);
    }

    /// Also ends an answer that begins only now.
    @Override
    public void close() {
        beginner.interrupt();
        var _ = begun.whenComplete((answer, _) -> {
            if (answer != null) {
                answer.close();
            }
        });
    }
}
