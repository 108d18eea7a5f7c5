package dev.steward.gateway;

import static dev.steward.models.ServedModel.Purpose.CHAT;
import static dev.steward.models.ServedModel.Purpose.EMBEDDING;
import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;
import dev.steward.models.AwayBackend;
import dev.steward.models.ModelException;
import dev.steward.models.ModelGateway;
import dev.steward.models.ModelRef;
import dev.steward.models.ServedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What a model name of a request stands for.
///
/// `backend/model` is that one; a bare name is that model on every backend that serves it, in their order, so that one
/// backend stands in for another; `default` is the default chain.
final class ModelNames {

    static final String DEFAULT = "default";

    private final ModelGateway models;

    ModelNames(ModelGateway models) {
        this.models = requireNonNull(models, "models");
    }

    /// The models that chat under this name.
    ///
    /// @throws ModelException   `MODEL_NOT_AVAILABLE` if no backend serves it, now or when it last answered
    /// @throws StewardException `invalid_input` if it is known to make vectors, whether its backend answers or not
    List<ModelRef> chain(String name) {
        if (name.equals(DEFAULT)) {
            return List.of();
        }
        List<ModelRef> chain = named(name, models.served());
        if (!chain.isEmpty()) {
            return chain;
        }
        // To ask a model whose backend does not answer now gives the error that says so, and that it is worth another
        // try, which "there is no such model" would not.
        List<AwayBackend> away = models.away();
        List<ModelRef> back = named(name, served(away, CHAT));
        if (!back.isEmpty()) {
            return back;
        }
        if (!named(name, models.embedders()).isEmpty()
                || !named(name, served(away, EMBEDDING)).isEmpty()) {
            throw new StewardException(
                    ErrorCode.INVALID_INPUT,
                    "The model `" + shortened(name)
                            + "` is an embedding model: it makes vectors and can't chat. Ask it at /v1/embeddings.");
        }
        return List.of(unseen(name, away));
    }

    private static List<ServedModel> served(List<AwayBackend> away, ServedModel.Purpose purpose) {
        return away.stream()
                .flatMap(backend -> backend.served().stream())
                .filter(model -> model.purpose() == purpose)
                .toList();
    }

    /// A model whose backend is named, and which nobody has seen there because the backend never answered.
    private static ModelRef unseen(String name, List<AwayBackend> away) {
        int slash = name.indexOf('/');
        String model = name.substring(slash + 1);
        return away.stream()
                .filter(backend -> backend.served().isEmpty() && slash > 0 && !model.isBlank())
                .filter(backend -> backend.name().equals(name.substring(0, slash)))
                .map(backend -> new ModelRef(backend.name(), model))
                .findFirst()
                .orElseThrow(() -> unknown(name));
    }

    /// The models that make vectors under this name. The first model of that name that is not known to
    /// make them is asked all the same, away or not: lists of models do not always tell what each is for.
    ///
    /// @throws ModelException `MODEL_NOT_AVAILABLE` if no backend serves it
    List<ModelRef> embedders(String name) {
        if (name.equals(DEFAULT) || name.startsWith(Requested.AGENT_PREFIX)) {
            throw missing(
                    "Name the model that makes the vectors, as GET /v1/models lists it: vectors of different models"
                            + " can't be compared, so no other may stand in.");
        }
        List<ModelRef> chain = named(name, models.embedders());
        if (!chain.isEmpty()) {
            return chain;
        }
        List<AwayBackend> away = models.away();
        return Stream.of(models.served(), served(away, EMBEDDING), served(away, CHAT))
                .flatMap(among -> named(name, among).stream().limit(1))
                .findFirst()
                .map(List::of)
                .orElseGet(() -> List.of(unseen(name, away)));
    }

    private static List<ModelRef> named(String name, List<ServedModel> among) {
        List<ModelRef> exact = List.of();
        List<ModelRef> bare = new ArrayList<>(2);
        for (ServedModel served : among) {
            ModelRef ref = served.ref();
            int slash = ref.backend().length();
            if (ModelRef.sameModel(ref.model(), name)) {
                bare.add(ref);
            } else if (name.length() > slash
                    && name.charAt(slash) == '/'
                    && name.startsWith(ref.backend())
                    && ModelRef.sameModel(ref.model(), name.substring(slash + 1))) {
                exact = List.of(ref);
            }
        }
        return exact.isEmpty() ? bare : exact;
    }

    /// That nobody serves a model of this name.
    static ModelException unknown(String name) {
        return missing(
                "No backend serves the model `" + shortened(name) + "`. GET /v1/models lists what can be asked.");
    }

    private static ModelException missing(String message) {
        return new ModelException(ModelException.Kind.MODEL_NOT_AVAILABLE, ErrorCode.NOT_FOUND, message, null, null);
    }

    private static String shortened(String name) {
        return name.length() <= 100 ? name : name.substring(0, 100) + "…";
    }
}
