package dev.steward.benchmarks;

import dev.steward.assistant.input.InputSettings;
import dev.steward.assistant.input.InputValidator;
import dev.steward.assistant.input.TextCheck;
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

/// What checking one message costs.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class InputBenchmark {

    private static final String PROSE = "Can you tell me, in plain words, how O'Brien's proof (from 1997) works; and"
            + " which of its steps isn't needed any more? I'd like 3 examples. ";

    private final InputValidator validator = new InputValidator(InputSettings.defaults());
    private String text = "";

    @Param({"50", "1000", "9900"})
    private int chars;

    @Setup
    public void setUp() {
        text = PROSE.repeat(chars / PROSE.length() + 1).substring(0, chars);
    }

    @Benchmark
    public TextCheck message() {
        return validator.message("message", text);
    }
}
