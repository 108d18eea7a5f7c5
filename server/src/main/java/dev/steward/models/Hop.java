package dev.steward.models;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// One model of a chain, with what stands before its backend and what the last look at it showed; without, if no such
/// backend is there.
record Hop(ModelRef ref, Optional<BackendGate> gate, Optional<BackendView> view) {

    Hop {
        requireNonNull(ref, "ref");
        requireNonNull(gate, "gate");
        requireNonNull(view, "view");
    }

    static Hop of(ModelRef ref, Optional<Backends.Known> known) {
        return new Hop(ref, known.map(Backends.Known::gate), known.map(Backends.Known::view));
    }

    /// How much fits into one call of this model, where its backend tells.
    OptionalInt contextTokens() {
        return view.stream()
                .flatMap(seen -> Stream.concat(seen.models().stream(), seen.embedders().stream()))
                .filter(model -> model.ref().names(ref))
                .map(ServedModel::contextTokens)
                .findFirst()
                .orElse(OptionalInt.empty());
    }
}
