package dev.steward;

import static java.util.Objects.requireNonNull;

import dev.steward.components.ComponentRegistry;
import dev.steward.components.ComponentStatus;
import dev.steward.models.ModelGateway;
import dev.steward.models.ModelRef;
import dev.steward.models.ServedModel;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Tells whoever started the server which model answers, or how far the built-in one is, until one answers for the
/// first time. Later changes are in the health report.
final class ModelNews {

    /// As long as looking at a model server on this machine takes.
    static final Duration FIRST_LOOK = Duration.ofSeconds(4);

    private static final long LOOK_MILLIS = 500;
    private static final String BUILT_IN = "embedded";
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}) %");

    private final ModelGateway models;
    private final ComponentRegistry components;
    private final PrintStream out;
    private final boolean terminal;
    private String told = "";
    private boolean midLine;

    /// @param terminal whether a line on `out` can be written over
    ModelNews(ModelGateway models, ComponentRegistry components, PrintStream out, boolean terminal) {
        this.models = requireNonNull(models, "models");
        this.components = requireNonNull(components, "components");
        this.out = requireNonNull(out, "out");
        this.terminal = terminal;
    }

    /// Tells in the background; ends by itself or by an interrupt.
    Thread start() {
        return Thread.ofVirtual().name("model-news").start(this::watch);
    }

    private void watch() {
        long start = System.nanoTime();
        try {
            while (!tell(System.nanoTime() - start > FIRST_LOOK.toNanos())) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Prints what is new.
    ///
    /// @param looked whether there was time enough to find a model
    /// @return whether a model answers
    boolean tell(boolean looked) {
        List<ModelRef> chain = models.defaultChain();
        if (!chain.isEmpty()) {
            print(describe(chain.getFirst()));
            return true;
        }
        Optional<String> builtIn = components.statuses().stream()
                .filter(status -> status.name().equals("embedded-model"))
                .map(ComponentStatus::message)
                .filter(message -> !message.isEmpty())
                .findFirst();
        if (builtIn.isPresent()) {
            print(builtIn.get());
        } else if (looked) {
            print("none yet; questions are kept and answered when there is one");
        }
        return false;
    }

    private String describe(ModelRef model) {
        if (model.backend().equals(BUILT_IN)) {
            return model + " (basic built-in model, on this machine)";
        }
        boolean remote = models.served().stream()
                .filter(served -> served.ref().names(model))
                .anyMatch(ServedModel::remote);
        return model + (remote ? " (remote)" : " (local)");
    }

    /// Progress is written over at a terminal; elsewhere it is told in steps of ten, so that no log fills with it.
    private void print(String sentence) {
        boolean progress = PERCENT.matcher(sentence).find();
        if (progress && terminal) {
            if (!sentence.equals(told)) {
                out.print("\r\033[K  model    " + sentence);
                out.flush();
                midLine = true;
            }
            told = sentence;
            return;
        }
        String coarse = progress ? coarse(sentence) : sentence;
        if (!coarse.equals(told)) {
            told = coarse;
            out.println((midLine ? "\r\033[K" : "") + "  model    " + sentence);
            out.flush();
            midLine = false;
        }
    }

    private static String coarse(String sentence) {
        Matcher percent = PERCENT.matcher(sentence);
        return percent.find() ? sentence.substring(0, percent.start()) + Integer.parseInt(percent.group(1)) / 10 : "";
    }
}
