package dev.steward.base;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What texts from people must be, for the rooms that take some in (CHAT-4). Given by the wiring; thread-safe.
///
/// Names are refused on any sign of an attack; free text only in strict mode, as it is encoded wherever it is shown.
/// No value of any type makes a check throw.
public interface InputRules {

    /// A short text that names a person or a thing: one line of at most 100 characters.
    NameCheck displayName(String field, @Nullable Object value);

    /// Faults of free text, of at most `charsMax` characters; none: it may be stored as it is. May be empty.
    List<FieldFault> textFaults(String field, @Nullable Object value, int charsMax);

    /// Faults of what accompanies a request: texts, numbers, booleans, nulls, in lists and maps with names as keys.
    List<FieldFault> contextFaults(String field, @Nullable Object value);
}
