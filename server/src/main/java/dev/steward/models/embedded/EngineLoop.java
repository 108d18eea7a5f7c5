package dev.steward.models.embedded;

import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// The child's side of the pipes: takes orders, makes one answer at a time, ends when its input ends.
///
/// Input ends when Steward closes it or dies, also by `kill -9`: the kernel closes the pipe. So no child outlives it.
final class EngineLoop {

    private final Engine engine;
    private final BufferedReader in;
    private final OutputStream out;
    private final ReentrantLock writing = new ReentrantLock();
    private final LinkedBlockingQueue<EngineFrames.Order> orders = new LinkedBlockingQueue<>();
    /// The newest order that was cancelled. Orders come with growing ids, one at a time.
    private final AtomicLong cancelled = new AtomicLong();

    EngineLoop(Engine engine, BufferedReader in, OutputStream out) {
        this.engine = requireNonNull(engine, "engine");
        this.in = requireNonNull(in, "in");
        this.out = requireNonNull(out, "out");
    }

    /// Says that the engine is ready, then serves until the input ends.
    void run() throws IOException {
        // A platform thread: native code would pin a virtual one's carrier for seconds.
        Thread.ofPlatform().name("generator").daemon().start(this::generate);
        tell(EngineFrames.News.ready(engine.contextTokens()));
        String line = in.readLine();
        while (line != null) {
            EngineFrames.read(line, EngineFrames.Order.class).ifPresent(this::take);
            line = in.readLine();
        }
    }

    private void take(EngineFrames.Order order) {
        if (order.request() == null) {
            cancelled.accumulateAndGet(order.id(), Math::max);
        } else {
            orders.add(order);
        }
    }

    private void generate() {
        try {
            while (true) {
                answer(orders.take());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException _) {
            // Steward no longer listens: its end of the pipe is closed, and the reading thread is about to notice.
        }
    }

    private void answer(EngineFrames.Order order) throws IOException {
        long id = order.id();
        try {
            engine.answer(
                    requireNonNull(order.request()),
                    () -> cancelled.get() >= id,
                    event -> tellUnchecked(EngineFrames.News.of(id, event)));
        } catch (java.io.UncheckedIOException e) {
            throw requireNonNull(e.getCause());
        } catch (RuntimeException e) {
            System.err.println("answer failed: " + e);
            tell(EngineFrames.News.of(id, new EngineEvent.Failed("the model's engine failed at this answer")));
        }
    }

    private void tellUnchecked(EngineFrames.News news) {
        try {
            tell(news);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void tell(EngineFrames.News news) throws IOException {
        byte[] bytes = EngineFrames.write(news).getBytes(StandardCharsets.UTF_8);
        writing.lock();
        try {
            out.write(bytes);
            out.flush();
        } finally {
            writing.unlock();
        }
    }
}
