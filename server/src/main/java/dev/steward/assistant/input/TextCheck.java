package dev.steward.assistant.input;

import static java.util.Objects.requireNonNull;

import dev.steward.base.FieldFault;
import java.util.List;

/// What came of checking free text.
public sealed interface TextCheck {

    /// It may be stored.
    ///
    /// @param text  exactly as it came; empty for a context object
    /// @param flags what deserves a look
    record Accepted(String text, List<InputFlag> flags) implements TextCheck {
        public Accepted {
            requireNonNull(text, "text");
            flags = List.copyOf(flags);
        }
    }

    /// It may not; nothing was changed.
    record Refused(List<FieldFault> faults) implements TextCheck {
        public Refused {
            faults = List.copyOf(faults);
        }
    }
}
