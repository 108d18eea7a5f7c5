package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.http.EgressBody;
import dev.steward.models.ModelException.Kind;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The answer to a [ChatRequest] as it makes its way along the chain.
final class ChatAnswer implements Answer {

    private final ChatRequest request;
    private final List<ModelRef> chain;
    private final String caller;
    private final Function<List<ModelRef>, List<Hop>> route;
    private final ModelCalls calls;
    private final Function<Backend, ChatClient> clients;
    private final CallHandle handle = new CallHandle();
    private final ArrayDeque<AnswerEvent> ready = new ArrayDeque<>(2);
    private final StringBuilder said;

    private @Nullable Passage passage;
    private @Nullable LiveCall live;
    private @Nullable TokenStream stream;
    private @Nullable Overlap overlap;
    private boolean began;
    private boolean over;
    private Usage spent = Usage.NONE;

    /// @param route   finds the hops of a chain
    /// @param clients finds the client that speaks a backend's protocol
    ChatAnswer(
            ChatRequest request,
            List<ModelRef> chain,
            String caller,
            Function<List<ModelRef>, List<Hop>> route,
            ModelCalls calls,
            Function<Backend, ChatClient> clients) {
        this.request = requireNonNull(request, "request");
        this.chain = List.copyOf(chain);
        this.caller = requireNonNull(caller, "caller");
        this.route = requireNonNull(route, "route");
        this.calls = requireNonNull(calls, "calls");
        this.clients = requireNonNull(clients, "clients");
        this.said = new StringBuilder(request.continueFrom());
    }

    @Override
    public AnswerEvent next() throws InterruptedException {
        AnswerEvent first = ready.poll();
        if (first != null) {
            return first;
        }
        if (over) {
            throw new IllegalStateException("the answer is over");
        }
        handle.begin();
        boolean ended = false;
        try {
            Passage way = way();
            while (ready.isEmpty()) {
                try {
                    step(way);
                } catch (BackendFault fault) {
                    endCall();
                    way.failed(fault, visible(), true);
                }
            }
            ended = true;
            return ready.remove();
        } finally {
            if ((handle.end() || !ended) && !over) {
                abandon();
            }
        }
    }

    private Passage way() {
        Passage way = passage;
        if (way == null) {
            way = calls.passage(route.apply(chain), caller, promptBytes(), handle);
            passage = way;
        }
        return way;
    }

    private long promptBytes() {
        return request.messages().stream().mapToLong(m -> m.content().length()).sum();
    }

    /// Waits for what comes next of the current attempt, or begins one.
    private void step(Passage way) throws BackendFault, InterruptedException {
        TokenStream now = stream;
        Overlap repeats = overlap;
        if (now == null || repeats == null) {
            now = open(way);
            stream = now;
            repeats = repetitions(way);
            overlap = repeats;
        }
        Optional<String> text = now.next();
        if (text.isPresent() && text.get().isEmpty()) {
            ready.add(now.reading());
        } else if (text.isPresent()) {
            begin(way);
            say(repeats.add(text.get()));
        } else {
            begin(way);
            say(repeats.end());
            finish(way, now);
        }
    }

    private TokenStream open(Passage way) throws BackendFault, InterruptedException {
        began = false;
        BackendGate gate = way.enter(visible());
        startAnewIfNeeded();
        Backend backend = gate.backend();
        ChatClient client = clients.apply(backend);
        try {
            return send(way, client, gate);
        } catch (BackendFault fault) {
            if (client instanceof OpenAiChat openAi
                    && fault.kind() == Kind.REFUSED
                    && fault.reason().contains("stream_options")
                    && openAi.refusesStreamOptions(backend)) {
                endCall();
                return send(way, client, gate);
            }
            throw fault;
        }
    }

    private TokenStream send(Passage way, ChatClient client, BackendGate gate)
            throws BackendFault, InterruptedException {
        String model = way.hop().ref().model();
        EgressBody body = client.body(gate.backend(), way.hop(), request, said.toString());
        LiveCall call = calls.stream(gate, model, client.path(), body, way.deadline());
        live = call;
        handle.attach(call);
        return client.open(call);
    }

    /// A document that must fit a schema can't be gone on with in the middle: the grammar begins at its beginning.
    private void startAnewIfNeeded() {
        if (request.jsonSchema().isPresent() && !said.isEmpty()) {
            said.setLength(0);
            ready.add(new AnswerEvent.Reset(0));
        }
    }

    private Overlap repetitions(Passage way) {
        boolean repeats = way.hop()
                .gate()
                .map(gate -> gate.backend().continuation() == Backend.Continuation.INSTRUCTION)
                .orElse(false);
        return new Overlap(said.toString(), repeats);
    }

    private void begin(Passage way) {
        if (!began) {
            began = true;
            way.answering(visible()).ifPresent(ready::add);
        }
    }

    private void say(String text) {
        if (!text.isEmpty()) {
            said.append(text);
            ready.add(new AnswerEvent.Text(text));
        }
    }

    private void finish(Passage way, TokenStream done) {
        over = true;
        spent = spent.plus(done.usage());
        ready.add(new AnswerEvent.Done(way.hop().ref(), spent, done.finishReason(), done.toolCalls()));
        done.close();
        handle.detach();
        stream = null;
        live = null;
        way.done(done.usage());
    }

    private boolean visible() {
        return !said.isEmpty();
    }

    private void endCall() {
        if (live != null) {
            live.abandon();
            handle.detach();
        }
        live = null;
        stream = null;
        overlap = null;
    }

    private void abandon() {
        over = true;
        endCall();
        if (passage != null) {
            passage.abandoned();
        }
    }

    @Override
    public void close() {
        if (handle.cancel() && !over) {
            abandon();
        }
    }
}
