package dev.steward.benchmarks;

import dev.steward.resilience.AdaptiveLimit;
import dev.steward.resilience.AdaptiveLimitConfig;
import dev.steward.resilience.BreakerConfig;
import dev.steward.resilience.BreakerListener;
import dev.steward.resilience.CircuitBreaker;
import dev.steward.resilience.Coalescer;
import dev.steward.resilience.Deadline;
import dev.steward.resilience.Importance;
import dev.steward.resilience.RateLimiter;
import dev.steward.resilience.RetryBudget;
import dev.steward.resilience.TokenBucket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What guarding one call costs.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ResilienceBenchmark {

    private final CircuitBreaker closed = breaker();
    private final CircuitBreaker open = breaker();
    private final TokenBucket bucket = new TokenBucket(1_000_000, Duration.ofNanos(1));
    private final RateLimiter<Integer> limiter = new RateLimiter<>(1_000_000, Duration.ofNanos(1), 10_000);
    private final RetryBudget budget = new RetryBudget();
    private final AdaptiveLimit limit = new AdaptiveLimit(AdaptiveLimitConfig.defaults());
    private final Coalescer<Integer, Integer> coalescer = new Coalescer<>();
    private final Deadline deadline = Deadline.in(Duration.ofDays(1));
    private int key;

    public ResilienceBenchmark() {
        for (int i = 0; i < 5; i++) {
            open.require().failed();
        }
    }

    private static CircuitBreaker breaker() {
        return new CircuitBreaker(
                "b", BreakerConfig.defaults(), InstantSource.system(), System::nanoTime, BreakerListener.NONE);
    }

    @Benchmark
    public CircuitBreaker.Admission breakerCheckClosed() {
        return closed.ask();
    }

    @Benchmark
    public void breakerCheckAndSuccess() {
        if (closed.ask() instanceof CircuitBreaker.Permit permit) {
            permit.succeeded();
        }
    }

    @Benchmark
    public CircuitBreaker.Admission breakerCheckOpen() {
        return open.ask();
    }

    @Benchmark
    public TokenBucket.Take tokenBucket() {
        return bucket.take();
    }

    @Benchmark
    public TokenBucket.Take rateLimiterOneOfAThousandKeys() {
        key = (key + 1) % 1_000;
        return limiter.take(key);
    }

    @Benchmark
    public void retryBudgetCall() {
        budget.called();
    }

    @Benchmark
    public void adaptiveLimitEnterAndLeave() throws InterruptedException {
        if (limit.enter(Importance.NORMAL, deadline) instanceof AdaptiveLimit.Slot slot) {
            slot.measured(Duration.ofMillis(1));
            slot.close();
        }
    }

    /// What coalescing costs when there is nothing to coalesce.
    @Benchmark
    public int coalescerAlone() throws InterruptedException {
        int mine = ++key;
        try (Coalescer<Integer, Integer>.Seat seat = coalescer.join(mine, () -> new Immediate(mine))) {
            return seat.result();
        }
    }

    private record Immediate(int value) implements Coalescer.Call<Integer> {

        @Override
        public Integer run() {
            return value;
        }

        @Override
        public void cancel() {
            // Over before anybody could.
        }
    }
}
