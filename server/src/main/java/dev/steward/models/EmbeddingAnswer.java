package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.http.EgressBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The vectors of an [EmbeddingCall] as the call makes its way along the chain.
final class EmbeddingAnswer implements RawAnswer {

    private static final byte[] NOTHING = {};

    private final EmbeddingCall request;
    private final Function<List<ModelRef>, List<Hop>> route;
    private final ModelCalls calls;
    private final CallHandle handle = new CallHandle();
    private final List<AnswerEvent.Failover> failovers = new ArrayList<>(1);

    private @Nullable Passage passage;
    private @Nullable LiveCall live;
    private @Nullable ModelRef by;
    private Usage usage = Usage.NONE;
    private byte[] buffer = NOTHING;
    private int length;
    private boolean over;

    /// @param route finds the hops of a chain
    EmbeddingAnswer(EmbeddingCall request, Function<List<ModelRef>, List<Hop>> route, ModelCalls calls) {
        this.request = requireNonNull(request, "request");
        this.route = requireNonNull(route, "route");
        this.calls = requireNonNull(calls, "calls");
    }

    @Override
    public boolean next() throws InterruptedException {
        if (over) {
            return false;
        }
        handle.begin();
        try {
            Passage way = calls.passage(route.apply(request.chain()), "", request.body().length, handle);
            passage = way;
            while (!over) {
                try {
                    ask(way);
                } catch (BackendFault fault) {
                    endCall();
                    way.failed(fault, false, true);
                }
            }
            return true;
        } finally {
            handle.end();
            if (!over) {
                abandon();
            }
        }
    }

    private void ask(Passage way) throws BackendFault, InterruptedException {
        BackendGate gate = way.enter(false);
        Backend backend = gate.backend();
        String model = way.hop().ref().model();
        EgressBody body = EmbeddingBody.of(request, backend, way.hop());
        LiveCall call = calls.plain(gate, model, EmbeddingBody.path(backend), body, way.last(), way.deadline());
        live = call;
        handle.attach(call);
        call.send("application/json", "application/json");
        EmbeddingReply reply = EmbeddingReply.read(call, request);
        call.close();
        handle.detach();
        live = null;
        usage = reply.usage();
        by = way.hop().ref();
        way.answered(usage).ifPresent(failovers::add);
        way.done(usage);
        buffer = reply.bytes();
        length = reply.length();
        over = true;
    }

    private void endCall() {
        if (live != null) {
            live.abandon();
            handle.detach();
            live = null;
        }
    }

    private void abandon() {
        over = true;
        endCall();
        if (passage != null) {
            passage.abandoned();
        }
    }

    @Override
    public byte[] buffer() {
        return buffer;
    }

    @Override
    public int offset() {
        return 0;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public Optional<ModelRef> by() {
        return Optional.ofNullable(by);
    }

    @Override
    public Optional<Usage> usage() {
        return Optional.of(usage);
    }

    @Override
    public List<AnswerEvent.Failover> failovers() {
        return List.copyOf(failovers);
    }

    @Override
    public void close() {
        if (handle.cancel() && !over) {
            abandon();
        }
    }
}
