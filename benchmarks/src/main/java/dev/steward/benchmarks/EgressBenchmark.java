package dev.steward.benchmarks;

import dev.steward.http.EgressBody;
import dev.steward.http.EgressCall;
import dev.steward.http.EgressConfig;
import dev.steward.http.EgressPool;
import dev.steward.http.EgressRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What one request to a backend costs the caller's thread in CPU: a kept connection, a body of 400 bytes, an answer
/// of 600. `cpuNanos` is per second; divided by `calls` it is the CPU of one call, the system's part included.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class EgressBenchmark {

    private static final byte[] BODY = "x".repeat(400).getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ANSWER = ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 600\r\n\r\n"
                    + "y".repeat(600))
            .getBytes(StandardCharsets.US_ASCII);

    private ServerSocket listener = unbound();
    private URI url = URI.create("http://127.0.0.1/");
    private EgressPool pool = new EgressPool(new EgressConfig(List.of()));

    /// CPU of the benchmark's thread.
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Cpu {
        public long cpuNanos;
        public long calls;
        private final java.lang.management.ThreadMXBean threads =
                java.lang.management.ManagementFactory.getThreadMXBean();
        private long start;

        @Setup(Level.Iteration)
        public void begin() {
            cpuNanos = 0;
            calls = 0;
            start = threads.getCurrentThreadCpuTime();
        }

        void called() {
            calls++;
            if ((calls & 0xFF) == 0) {
                cpuNanos = threads.getCurrentThreadCpuTime() - start;
            }
        }
    }

    private static ServerSocket unbound() {
        try {
            return new ServerSocket();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Setup
    public void start() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        url = URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/v1/chat/completions");
        pool.trust(url);
        Thread.ofPlatform().daemon().start(this::accept);
    }

    @TearDown
    public void stop() throws IOException {
        pool.close();
        listener.close();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                Thread.ofPlatform().daemon().start(() -> serve(socket));
            } catch (IOException _) {
                return;
            }
        }
    }

    private static void serve(Socket socket) {
        byte[] buffer = new byte[8_192];
        try (socket) {
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            while (in.read(buffer) > 0) { // a small request comes in one piece
                out.write(ANSWER);
            }
        } catch (IOException _) {
            // The client has gone.
        }
    }

    @Benchmark
    public int pooledRequest(Cpu cpu) throws IOException {
        var request = new EgressRequest(
                "POST",
                url,
                Map.of("Content-Type", "application/json", "Authorization", "Bearer secret"),
                EgressBody.of(BODY),
                Duration.ofSeconds(3),
                Duration.ZERO);
        int length = 0;
        byte[] buffer = new byte[1_024];
        try (EgressCall call = pool.open(request)) {
            call.send();
            InputStream in = call.body();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                length += count;
            }
        }
        cpu.called();
        return length;
    }
}
