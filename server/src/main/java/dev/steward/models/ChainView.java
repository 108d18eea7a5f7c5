package dev.steward.models;

import java.util.List;
import java.util.Optional;

/// An order of failover as it is in force.
///
/// @param models     first choice first, each as `backend/model`
/// @param source     `stored`: set here; `configuration`: from the file; `automatic`: nobody set one
/// @param configured what it goes back to when it is reset; empty: `automatic`
public record ChainView(List<String> models, String source, List<String> configured) {

    public ChainView {
        models = List.copyOf(models);
        configured = List.copyOf(configured);
    }

    /// @param automatic what counts where neither was set
    public static ChainView of(Optional<List<ModelRef>> stored, List<String> configured, List<ModelRef> automatic) {
        if (stored.isPresent()) {
            return new ChainView(texts(stored.get()), "stored", configured);
        }
        return configured.isEmpty()
                ? new ChainView(texts(automatic), "automatic", configured)
                : new ChainView(configured, "configuration", configured);
    }

    private static List<String> texts(List<ModelRef> models) {
        return models.stream().map(ModelRef::toString).toList();
    }
}
