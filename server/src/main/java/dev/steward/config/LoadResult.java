package dev.steward.config;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// What became of reading the configuration.
public sealed interface LoadResult {

    /// All is well.
    record Loaded(Configuration configuration) implements LoadResult {

        public Loaded {
            requireNonNull(configuration, "configuration");
        }
    }

    /// It is not to be used.
    ///
    /// @param faults every fault that was found, at least one
    record Refused(List<ConfigFault> faults) implements LoadResult {

        public Refused {
            faults = List.copyOf(faults);
            if (faults.isEmpty()) {
                throw new IllegalArgumentException("a refusal names at least one fault");
            }
        }
    }
}
