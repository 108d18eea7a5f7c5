package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import java.util.List;

/// The way to every model, for both kinds of callers. Safe for use by many threads.
final class ModelRouter implements ModelGateway, RawGateway {

    private final Backends backends;
    private final ModelCalls calls;
    private final OllamaChat ollama;
    private final OpenAiChat openAi;

    ModelRouter(Backends backends, ModelCalls calls, OllamaChat ollama, OpenAiChat openAi) {
        this.backends = requireNonNull(backends, "backends");
        this.calls = requireNonNull(calls, "calls");
        this.ollama = requireNonNull(ollama, "ollama");
        this.openAi = requireNonNull(openAi, "openAi");
    }

    @Override
    public Answer chat(UserId user, String caller, List<ModelRef> chain, ChatRequest request) {
        requireNonNull(user, "user");
        return new ChatAnswer(request, chain, caller, this::hops, calls, this::client);
    }

    @Override
    public RawAnswer open(RawCall call) {
        return new RelayedAnswer(call, this::hops, calls);
    }

    @Override
    public RawAnswer open(EmbeddingCall call) {
        return new EmbeddingAnswer(call, this::hops, calls);
    }

    @Override
    public List<ServedModel> served() {
        return backends.served();
    }

    @Override
    public List<ServedModel> embedders() {
        return backends.embedders();
    }

    @Override
    public List<AwayBackend> away() {
        return backends.away();
    }

    @Override
    public List<ModelRef> defaultChain() {
        return backends.defaultChain();
    }

    private List<Hop> hops(List<ModelRef> chain) {
        List<ModelRef> asked = chain.isEmpty() ? backends.route() : chain;
        if (asked.size() == 1) {
            return List.of(hop(asked.getFirst()));
        }
        return asked.stream().map(this::hop).toList();
    }

    private Hop hop(ModelRef ref) {
        return Hop.of(ref, backends.find(ref.backend()));
    }

    private ChatClient client(Backend backend) {
        return switch (backend.kind()) {
            case OLLAMA -> ollama;
            case OPENAI -> openAi;
        };
    }
}
