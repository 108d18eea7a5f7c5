package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Saying;

/// One model of one backend, written `backend/model`; the model's own name may contain slashes.
public record ModelRef(String backend, String model) {

    private static final String LATEST = ":latest";

    public ModelRef {
        requireNonNull(backend, "backend");
        requireNonNull(model, "model");
        if (backend.isBlank() || backend.contains("/") || model.isBlank()) {
            throw new IllegalArgumentException("write a model as backend/model, such as ollama/llama3.2");
        }
    }

    /// Whether both name the same model: Ollama takes a name without a tag as the one with `:latest`.
    public boolean names(ModelRef other) {
        return backend.equals(other.backend) && sameModel(model, other.model);
    }

    /// Whether two names stand for the same model of a backend.
    public static boolean sameModel(String one, String other) {
        return one.equals(other)
                || (one.length() == other.length() + LATEST.length() && one.startsWith(other) && one.endsWith(LATEST))
                || (other.length() == one.length() + LATEST.length()
                        && other.startsWith(one)
                        && other.endsWith(LATEST));
    }

    /// @throws IllegalArgumentException if there is no slash with text on both sides
    public static ModelRef parse(String text) {
        int slash = text.indexOf('/');
        if (slash <= 0) {
            throw new IllegalArgumentException(Saying.MODEL_REFERENCE.english(text));
        }
        return new ModelRef(text.substring(0, slash), text.substring(slash + 1));
    }

    @Override
    public String toString() {
        return backend + "/" + model;
    }
}
