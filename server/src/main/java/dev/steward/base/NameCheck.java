package dev.steward.base;

import static java.util.Objects.requireNonNull;

import java.util.List;

/// What came of checking a name.
public sealed interface NameCheck {

    /// It may be used.
    ///
    /// @param name in Unicode's composed form (NFC), without spaces around it
    record Accepted(String name) implements NameCheck {
        public Accepted {
            requireNonNull(name, "name");
        }
    }

    /// It may not; nothing was changed.
    record Refused(List<FieldFault> faults) implements NameCheck {
        public Refused {
            faults = List.copyOf(faults);
        }
    }

    /// The faults; none if it was accepted.
    default List<FieldFault> faults() {
        return switch (this) {
            case Accepted _ -> List.of();
            case Refused refused -> refused.faults;
        };
    }
}
