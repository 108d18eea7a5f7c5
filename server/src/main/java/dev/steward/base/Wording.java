package dev.steward.base;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Something that people are told: in English, and as phrases that a reader's program can say in their own language.
/// A program that does not know a phrase shows the English.
///
/// @param english the whole text
/// @param phrases what it is made of, in order; each is a sentence of its own
public record Wording(String english, List<Phrase> phrases) {

    public Wording {
        requireNonNull(english, "english");
        phrases = List.copyOf(phrases);
    }

    /// One thing that is said.
    ///
    /// @param code   what it is, a stable word such as `waiting_for_model`; one of [Saying]
    /// @param values what it is about, such as `{"backend": "second"}`: names and numbers, never sentences
    public record Phrase(String code, Map<String, Object> values) {

        /// @throws IllegalArgumentException if nothing is said by the code
        public Phrase {
            Saying.of(code);
            values = Map.copyOf(values);
        }

        public Phrase(Saying saying, Map<String, Object> values) {
            this(saying.code(), values);
        }
    }

    /// A text that was kept or handed on as plain English, with what it is made of; without phrases where any of it is
    /// said by no code.
    public static Wording read(String english) {
        return new Wording(english, SayingReader.read(english));
    }

    /// This, and then that.
    public Wording then(Wording next) {
        List<Phrase> both = new ArrayList<>(phrases);
        both.addAll(next.phrases);
        return new Wording(english + " " + next.english, both);
    }

    @Override
    public String toString() {
        return english;
    }
}
