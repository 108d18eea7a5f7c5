package dev.steward.gateway;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.models.ModelException;
import dev.steward.models.ModelGateway;
import dev.steward.models.ModelRef;
import dev.steward.models.ServedModel;
import java.util.ArrayList;
import java.util.List;

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

    /// @throws ModelException `MODEL_NOT_AVAILABLE` if no backend serves it
    List<ModelRef> chain(String name) {
        if (name.equals(DEFAULT)) {
            return List.of();
        }
        List<ModelRef> exact = List.of();
        List<ModelRef> bare = new ArrayList<>(2);
        for (ServedModel served : models.served()) {
            ModelRef ref = served.ref();
            if (ref.model().equals(name)) {
                bare.add(ref);
            } else if (name.length() == ref.backend().length() + 1 + ref.model().length()
                    && name.startsWith(ref.backend())
                    && name.endsWith(ref.model())
                    && name.charAt(ref.backend().length()) == '/') {
                exact = List.of(ref);
            }
        }
        List<ModelRef> chain = exact.isEmpty() ? bare : exact;
        if (chain.isEmpty()) {
            throw unknown(name);
        }
        return chain;
    }

    /// That nobody serves a model of this name.
    static ModelException unknown(String name) {
        return new ModelException(
                ModelException.Kind.MODEL_NOT_AVAILABLE,
                ErrorCode.NOT_FOUND,
                "No backend serves the model `" + shortened(name) + "`. GET /v1/models lists what can be asked.",
                null,
                null);
    }

    private static String shortened(String name) {
        return name.length() <= 100 ? name : name.substring(0, 100) + "…";
    }
}
