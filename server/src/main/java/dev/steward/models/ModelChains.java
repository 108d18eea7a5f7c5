package dev.steward.models;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The orders of failover that were set while Steward ran; they come before those of the configuration. Safe for
/// use by many threads; never asks the database.
public final class ModelChains {

    /// The scope of the order that everybody has who has none of their own.
    public static final String DEFAULT = "default";

    private volatile Map<String, List<ModelRef>> stored = Map.of();

    /// The stored order of a scope, first choice first; empty: the configuration's counts.
    ///
    /// @param scope [#DEFAULT], or the name of an agent
    public Optional<List<ModelRef>> of(String scope) {
        return Optional.ofNullable(stored.get(requireNonNull(scope, "scope")));
    }

    void keep(Map<String, List<ModelRef>> chains) {
        stored = Map.copyOf(chains);
    }
}
