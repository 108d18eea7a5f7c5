package dev.steward.gateway;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.Principal;
import dev.steward.base.StewardException;
import dev.steward.models.AnswerEvent.Failover;
import dev.steward.models.ModelRef;
import dev.steward.models.RawAnswer;
import dev.steward.resilience.Coalescer;
import dev.steward.web.Hangups;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Answers in one piece: identical ones of one person that are in flight together reach the backend once, and one that
/// nobody waits for any more is cancelled there (RES-5). Safe for use by many threads.
final class PlainCalls {

    /// What is asked for, so that no two kinds of answers are taken for each other.
    static final String CHAT = "chat";

    static final String EMBEDDINGS = "embeddings";

    private final Hangups hangups;
    private final Coalescer<Key, Answered> coalescer = new Coalescer<>();

    PlainCalls(Hangups hangups) {
        this.hangups = requireNonNull(hangups, "hangups");
    }

    /// A whole answer. `body` is shared by all who waited for it and must not be changed.
    @SuppressWarnings("ArrayRecordComponent") // Never compared; a copy for each of those who wait would only cost.
    record Answered(byte[] body, Optional<ModelRef> by, List<Failover> failovers) {

        void send(HttpServletResponse response) throws IOException {
            Headers.describe(response, by, failovers);
            response.setContentType("application/json");
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
        }
    }

    /// What makes two requests the same: who asks, by which credential's permissions, and every byte of the body.
    private record Key(String what, Principal principal, List<ModelRef> chain, ByteBuffer digest) {}

    /// Waits for the answer.
    ///
    /// @param what [#CHAT] or [#EMBEDDINGS]
    /// @param open begins the call, if nobody else's stands for it
    /// @throws InterruptedException when the client of `request` went away, or the server stops
    Answered ask(
            String what,
            Principal principal,
            List<ModelRef> chain,
            byte[] body,
            Supplier<RawAnswer> open,
            HttpServletRequest request)
            throws InterruptedException {
        Key key = new Key(what, principal, chain, digest(body));
        try (Coalescer<Key, Answered>.Seat seat = coalescer.join(key, () -> new Whole(open.get()));
                Hangups.Watch _ = hangups.watch(request, seat::leave)) {
            return seat.result();
        }
    }

    /// How many clients wait for a plain answer now.
    int waiting() {
        return coalescer.waiting();
    }

    /// An answer on its way to the model and back.
    private record Whole(RawAnswer answer) implements Coalescer.Call<Answered> {

        @Override
        public Answered run() throws InterruptedException {
            try (answer) {
                if (!answer.next()) {
                    throw new StewardException(
                            ErrorCode.NETWORK_ERROR, "The backend ended its answer before it began.");
                }
                if (answer.length() > GatewayLimits.ANSWER_BYTES_MAX) {
                    throw new StewardException(ErrorCode.NETWORK_ERROR, "The backend's answer grew past its limit.");
                }
                // The only piece of a plain answer is the whole of it.
                byte[] body = Arrays.copyOfRange(answer.buffer(), answer.offset(), answer.offset() + answer.length());
                return new Answered(body, answer.by(), answer.failovers());
            }
        }

        @Override
        public void cancel() {
            answer.close();
        }
    }

    private static ByteBuffer digest(byte[] body) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
