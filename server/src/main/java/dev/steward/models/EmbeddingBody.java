package dev.steward.models;

import dev.steward.base.ErrorCode;
import dev.steward.http.EgressBody;
import dev.steward.models.ModelException.Kind;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What is sent for the vectors of texts: to an OpenAI-compatible server the caller's bytes with another model's
/// name in them, to Ollama its own `POST /api/embed` (docs/api.md of Ollama 0.17).
final class EmbeddingBody {

    /// So much of a text a model that makes vectors is given to see at once, if it can: longer ones blur what they say,
    /// and each token costs the server memory.
    static final int CONTEXT_TOKENS_MAX = 8_192;

    private static final JsonMapper JSON = JsonMapper.shared();

    private EmbeddingBody() {}

    static String path(Backend backend) {
        return switch (backend.kind()) {
            case OLLAMA -> "/api/embed";
            case OPENAI -> "/v1/embeddings";
        };
    }

    /// @throws BackendFault the backend has no way to take this request
    static EgressBody of(EmbeddingCall call, Backend backend, Hop hop) throws BackendFault {
        return switch (backend.kind()) {
            case OLLAMA -> ollama(call, hop);
            case OPENAI ->
                RawBody.of(
                        call.body(), call.modelFrom(), call.modelTo(), hop.ref().model());
        };
    }

    private static EgressBody ollama(EmbeddingCall call, Hop hop) throws BackendFault {
        if (!call.texts()) {
            throw new BackendFault(
                    Kind.REFUSED,
                    ErrorCode.INVALID_INPUT,
                    "takes text as `input`, not the numbers of tokens",
                    "",
                    null,
                    null);
        }
        JsonNode asked = JSON.readTree(call.body());
        ObjectNode body = JSON.createObjectNode();
        body.put("model", hop.ref().model());
        body.set("input", asked.path("input"));
        // What does not fit is refused rather than cut without a word.
        body.put("truncate", false);
        if (asked.hasNonNull("dimensions")) {
            body.set("dimensions", asked.path("dimensions"));
        }
        ObjectNode options = body.putObject("options");
        hop.contextTokens().ifPresent(most -> options.put("num_ctx", Math.min(most, CONTEXT_TOKENS_MAX)));
        return EgressBody.of(JSON.writeValueAsBytes(body));
    }
}
