package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Saying;
import dev.steward.http.EgressBody;
import dev.steward.models.ModelException.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// A raw answer as it makes its way along the chain.
final class RelayedAnswer implements RawAnswer {

    private static final String PATH = "/v1/chat/completions";
    private static final byte[] NOTHING = {};

    private final RawCall request;
    private final Function<List<ModelRef>, List<Hop>> route;
    private final ModelCalls calls;
    private final CallHandle handle = new CallHandle();
    private final List<AnswerEvent.Failover> failovers = new ArrayList<>(1);

    private @Nullable Passage passage;
    private @Nullable LiveCall live;
    private @Nullable RawEvents events;
    private @Nullable RawRewriter rewriter;
    private boolean began;
    private boolean visible;
    private boolean continuable = true;
    private boolean over;
    private String said = "";
    private byte @Nullable [] firstEvent;
    private @Nullable Usage usage;
    private @Nullable ModelRef by;
    private byte[] buffer = NOTHING;
    private int offset;
    private int length;

    /// @param route finds the hops of a chain
    RelayedAnswer(RawCall request, Function<List<ModelRef>, List<Hop>> route, ModelCalls calls) {
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
        boolean ended = false;
        try {
            Passage way = way();
            while (true) {
                try {
                    boolean more = request.stream() ? nextEvents(way) : plain(way);
                    ended = true;
                    return more;
                } catch (BackendFault fault) {
                    absorb();
                    way.failed(fault, visible, !visible || continuable);
                }
            }
        } finally {
            if ((handle.end() || !ended) && !over) {
                abandon();
            }
        }
    }

    private Passage way() {
        Passage way = passage;
        if (way == null) {
            way = calls.passage(route.apply(request.chain()), request.caller(), request.body().length, handle);
            passage = way;
        }
        return way;
    }

    /// Takes over from a failed attempt what the next one must know.
    private void absorb() {
        RawEvents failed = events;
        if (failed != null && failed.visible()) {
            visible = true;
            continuable &= failed.continuable();
            if (rewriter == null) {
                said += failed.said();
            }
            if (firstEvent == null) {
                firstEvent = failed.firstEvent();
            }
        }
        events = null;
        endCall();
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

    private boolean plain(Passage way) throws BackendFault, InterruptedException {
        BackendGate gate = way.enter(false);
        String model = way.hop().ref().model();
        LiveCall call = calls.plain(gate, model, PATH, RawBody.of(request, model), way.last(), way.deadline());
        live = call;
        handle.attach(call);
        call.send("application/json", "application/json");
        RawPlain answer = RawPlain.read(call, calls.limits());
        call.close();
        handle.detach();
        live = null;
        Usage counted = answer.usage() == null ? Usage.NONE : answer.usage();
        usage = answer.usage();
        by = way.hop().ref();
        way.answered(counted).ifPresent(failovers::add);
        way.done(counted);
        buffer = answer.bytes();
        offset = 0;
        length = answer.length();
        over = true;
        return true;
    }

    private boolean nextEvents(Passage way) throws BackendFault, InterruptedException {
        while (true) {
            RawEvents now = events;
            if (now == null) {
                now = open(way);
                events = now;
            }
            if (!now.next()) {
                finish(way, now);
                return false;
            }
            if (!began) {
                began = true;
                begin(way);
            }
            RawRewriter changing = rewriter;
            if (changing == null) {
                buffer = now.buffer();
                offset = now.offset();
                length = now.length();
                return true;
            }
            if (rewritten(changing, now)) {
                return true;
            }
        }
    }

    private RawEvents open(Passage way) throws BackendFault, InterruptedException {
        began = false;
        BackendGate gate = way.enter(visible);
        String model = way.hop().ref().model();
        EgressBody body =
                visible ? RawBody.continuing(request, gate.backend(), model, said) : RawBody.of(request, model);
        LiveCall call = calls.stream(gate, model, PATH, body, way.deadline());
        live = call;
        handle.attach(call);
        call.send("text/event-stream", "text/event-stream");
        try {
            return new RawEvents(call, call.wire().body(), calls.limits());
        } catch (IOException e) {
            throw call.failed(e);
        }
    }

    /// The first piece of an attempt is there.
    private void begin(Passage way) {
        by = way.hop().ref();
        Optional<AnswerEvent.Failover> failover = way.answering(visible);
        failover.ifPresent(failovers::add);
        if (visible) {
            boolean repeats = way.hop()
                    .gate()
                    .map(gate -> gate.backend().continuation() == Backend.Continuation.INSTRUCTION)
                    .orElse(false);
            rewriter = new RawRewriter(
                    firstEvent,
                    new Overlap(said, repeats),
                    failover.map(told -> told.message().english()).orElse(""));
        }
    }

    private boolean rewritten(RawRewriter changing, RawEvents now) throws BackendFault {
        try {
            byte[] bytes = changing.rewrite(now.buffer(), now.offset(), now.length());
            said += changing.takeSaid();
            buffer = bytes;
            offset = 0;
            length = bytes.length;
            return length > 0;
        } catch (JacksonException | ClassCastException e) {
            throw new BackendFault(Kind.PROTOCOL, BackendFault.reason(Saying.BACKEND_NOT_JSON), "", e);
        }
    }

    private void finish(Passage way, RawEvents done) {
        over = true;
        usage = done.usage().orElse(usage);
        LiveCall call = live;
        if (call != null) {
            done.drain(OpenAiChat.END_MAX);
            call.close();
            handle.detach();
            live = null;
        }
        way.done(usage == null ? Usage.NONE : usage);
    }

    @Override
    public byte[] buffer() {
        return buffer;
    }

    @Override
    public int offset() {
        return offset;
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
        return Optional.ofNullable(usage);
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
