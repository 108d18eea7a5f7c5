package dev.steward.assistant.input;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;

/// A sign of something in a text that deserves a look.
///
/// @param score how sure it is, 0 to 1; from [#SURE] on strict mode refuses
/// @param spans where it is, in order; at most [#SPANS_MAX]. Of a sign that shows only after decoding, the place of
///              the encoded text
public record InputFlag(Kind kind, double score, List<Span> spans) {

    /// From here on a sign counts as a hit.
    public static final double SURE = 0.5;

    /// More places than these are not noted.
    public static final int SPANS_MAX = 16;

    /// What it is a sign of.
    public enum Kind {
        /// Script that a page would run.
        XSS,
        /// Text that would break out of a statement.
        SQL_INJECTION,
        /// A path out of its folder.
        PATH_TRAVERSAL,
        /// Control characters other than tab and line ends.
        CONTROL_CHARACTERS,
        /// Characters that make text look other than it is.
        BIDI_OVERRIDE,
        /// U+FFFD: somebody decoded this wrongly before.
        REPLACEMENT_CHARACTER;

        /// The name on the wire, such as `sql_injection`.
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A part of a text, in UTF-16 units.
    ///
    /// @param to exclusive
    public record Span(int from, int to) {}

    public InputFlag {
        requireNonNull(kind, "kind");
        spans = List.copyOf(spans);
    }
}
