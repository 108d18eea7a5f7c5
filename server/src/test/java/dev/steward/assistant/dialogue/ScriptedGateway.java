package dev.steward.assistant.dialogue;

import dev.steward.base.UserId;
import dev.steward.models.Answer;
import dev.steward.models.AnswerEvent;
import dev.steward.models.AwayBackend;
import dev.steward.models.ChatRequest;
import dev.steward.models.ModelGateway;
import dev.steward.models.ModelRef;
import dev.steward.models.ServedModel;
import dev.steward.models.Usage;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// Models that say what a test tells them to.
final class ScriptedGateway implements ModelGateway {

    static final ModelRef MODEL = new ModelRef("first", "model");

    /// One step of an answer: an event, a failure to throw, or something to wait for.
    sealed interface Step {
        record Say(AnswerEvent event) implements Step {}

        record Fail(RuntimeException cause) implements Step {}

        record Wait(Gate gate) implements Step {}
    }

    /// Something to wait for.
    interface Gate {
        void await() throws InterruptedException;
    }

    final List<ChatRequest> requests = new CopyOnWriteArrayList<>();
    final List<String> callers = new CopyOnWriteArrayList<>();
    volatile List<ServedModel> served = List.of(new ServedModel(MODEL, false, false, OptionalInt.of(4_096)));
    final AtomicInteger closed = new AtomicInteger();
    private volatile Function<ChatRequest, List<Step>> script;

    ScriptedGateway(Function<ChatRequest, List<Step>> script) {
        this.script = script;
    }

    void script(Function<ChatRequest, List<Step>> next) {
        script = next;
    }

    static List<Step> says(String... pieces) {
        List<Step> steps = new ArrayList<>();
        for (String piece : pieces) {
            steps.add(text(piece));
        }
        steps.add(done());
        return steps;
    }

    static Step text(String piece) {
        return new Step.Say(new AnswerEvent.Text(piece));
    }

    static Step done() {
        return new Step.Say(new AnswerEvent.Done(MODEL, new Usage(10, 5), "stop"));
    }

    @Override
    public Answer chat(UserId user, String caller, List<ModelRef> chain, ChatRequest request) {
        requests.add(request);
        callers.add(caller);
        Iterator<Step> steps = script.apply(request).iterator();
        return new Answer() {
            @Override
            public AnswerEvent next() throws InterruptedException {
                while (true) {
                    switch (steps.next()) {
                        case Step.Say(AnswerEvent event) -> {
                            return event;
                        }
                        case Step.Fail(RuntimeException cause) -> throw cause;
                        case Step.Wait(Gate gate) -> gate.await();
                    }
                }
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
    }

    @Override
    public List<AwayBackend> away() {
        return List.of();
    }

    @Override
    public List<ServedModel> embedders() {
        return List.of();
    }

    @Override
    public List<ServedModel> served() {
        return served;
    }

    @Override
    public List<ModelRef> defaultChain() {
        return served.stream().map(ServedModel::ref).toList();
    }
}
