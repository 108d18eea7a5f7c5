package dev.steward.gateway;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Permission;
import dev.steward.base.Principal;
import dev.steward.models.EmbeddingCall;
import dev.steward.models.RawGateway;
import dev.steward.web.Endpoint.RateClass;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/// `POST /v1/embeddings`: the vectors of texts, from the model that is named and no other.
///
/// Runs on the request's own virtual thread and blocks; a client that goes away ends the call at the backend.
final class EmbeddingsServlet extends DoorServlet {

    private static final long serialVersionUID = 1L;

    private final transient Door door;
    private final transient RawGateway models;
    private final transient PlainCalls plainCalls;
    private final transient ModelNames names;

    EmbeddingsServlet(Door door, RawGateway models, PlainCalls plainCalls, ModelNames names) {
        super("POST");
        this.door = requireNonNull(door, "door");
        this.models = requireNonNull(models, "models");
        this.plainCalls = requireNonNull(plainCalls, "plainCalls");
        this.names = requireNonNull(names, "names");
    }

    @Override
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException, InterruptedException {
        Principal principal = door.admit(request, Permission.CHAT, RateClass.MODEL);
        EmbeddingsBody body = EmbeddingsBody.parse(read(request));
        var call = new EmbeddingCall(
                principal.user(),
                names.embedders(body.model()),
                body.bytes(),
                body.modelFrom(),
                body.modelTo(),
                body.inputs(),
                body.texts(),
                body.base64());
        plainCalls
                .ask(PlainCalls.EMBEDDINGS, principal, call.chain(), call.body(), () -> models.open(call), request)
                .send(response);
    }
}
