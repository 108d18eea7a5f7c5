package dev.steward.benchmarks;

import dev.steward.assistant.input.InputFlag;
import dev.steward.assistant.input.InputSettings;
import dev.steward.assistant.input.InputValidator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// A megabyte of what costs a scanner most.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class HostileInputBenchmark {

    private static final int CHARS = 1_000_000;

    private final InputValidator validator = new InputValidator(InputSettings.defaults());
    private String text = "";

    @Param({"'/*", "=\"", "' or ", "1=1", "on=", "../", "%25", "<a ", "\\"})
    private String unit = "";

    @Setup
    public void setUp() {
        text = unit.repeat(CHARS / unit.length());
    }

    @Benchmark
    public List<InputFlag> flags() {
        return validator.flags(text);
    }
}
