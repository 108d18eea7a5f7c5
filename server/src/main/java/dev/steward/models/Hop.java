package dev.steward.models;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/// One model of a chain, with what stands before its backend; without, if no such backend is there.
record Hop(ModelRef ref, Optional<BackendGate> gate) {

    Hop {
        requireNonNull(ref, "ref");
        requireNonNull(gate, "gate");
    }
}
