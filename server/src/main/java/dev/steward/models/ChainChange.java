package dev.steward.models;

import java.util.List;

/// A new order of failover.
///
/// @param models first choice first, each as `backend/model`; at least one
public record ChainChange(List<String> models) {

    public ChainChange {
        models = List.copyOf(models);
    }
}
