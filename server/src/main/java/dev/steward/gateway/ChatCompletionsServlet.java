package dev.steward.gateway;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.Permission;
import dev.steward.base.Principal;
import dev.steward.base.StewardException;
import dev.steward.models.RawAnswer;
import dev.steward.models.RawCall;
import dev.steward.models.RawGateway;
import dev.steward.web.Endpoint.RateClass;
import dev.steward.web.Hangups;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;

/// `POST /v1/chat/completions`: checks who asks, finds the model, and pumps bytes from the backend to the client.
///
/// Runs on the request's own virtual thread and blocks; a client that goes away ends the call at the backend.
final class ChatCompletionsServlet extends DoorServlet {

    private static final long serialVersionUID = 1L;

    private final transient Door door;
    private final transient RawGateway models;
    private final transient PlainCalls plainCalls;
    private final transient Requested requested;
    private final transient Hangups hangups;

    ChatCompletionsServlet(Door door, RawGateway models, PlainCalls plainCalls, Requested requested, Hangups hangups) {
        super("POST");
        this.door = requireNonNull(door, "door");
        this.models = requireNonNull(models, "models");
        this.plainCalls = requireNonNull(plainCalls, "plainCalls");
        this.requested = requireNonNull(requested, "requested");
        this.hangups = requireNonNull(hangups, "hangups");
    }

    @Override
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException, InterruptedException {
        Principal principal = door.admit(request, Permission.CHAT, RateClass.MODEL);
        CompletionBody body = CompletionBody.parse(read(request));
        RawCall call = requested.call(principal, body);
        if (call.stream()) {
            stream(call, request, response);
        } else {
            plain(call, principal, request, response);
        }
    }

    private void plain(RawCall call, Principal principal, HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException {
        PlainCalls.Answered answered =
                plainCalls.ask(PlainCalls.CHAT, principal, call.chain(), call.body(), () -> models.open(call), request);
        answered.send(response);
    }

    private void stream(RawCall call, HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException {
        try (RawAnswer answer = models.open(call);
                Hangups.Watch _ = hangups.watch(request, answer::close)) {
            if (!answer.next()) {
                throw new StewardException(ErrorCode.NETWORK_ERROR, "The backend ended its answer before it began.");
            }
            Headers.describe(response, answer.by(), answer.failovers());
            response.setContentType("text/event-stream");
            response.setHeader("Cache-Control", "no-cache");
            response.setHeader("X-Accel-Buffering", "no");
            pump(answer, response.getOutputStream());
        }
    }

    /// Writes the pieces as they come. What fails after the first is told inside the stream, without a `[DONE]`.
    @SuppressWarnings("ThreadPriorityCheck") // It is only faster for the yield, never right or wrong by it.
    private static void pump(RawAnswer answer, OutputStream out) throws IOException {
        try {
            do {
                out.write(answer.buffer(), answer.offset(), answer.length());
                out.flush();
                // Others first, if there are any: what comes meanwhile goes on in one write
                // (docs/internals/performance.md).
                Thread.yield();
            } while (answer.next());
        } catch (InterruptedException | RuntimeException e) {
            out.write(OpenAiErrors.event(told(e)));
            out.flush();
        }
    }
}
