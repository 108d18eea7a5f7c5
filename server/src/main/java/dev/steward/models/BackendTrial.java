package dev.steward.models;

import dev.steward.base.Wording;
import dev.steward.base.Wording.Phrase;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a backend did when it was really asked.
///
/// @param answered     whether a whole answer came
/// @param model        who was asked; null if the backend serves nothing
/// @param firstTokenMs until the first text; null if none came
/// @param tookMs       in all
/// @param problem      what went wrong, for people; empty if nothing did
/// @param words        what `problem` is made of, for those who say it in another language; empty: in English only
record BackendTrial(
        String backend,
        boolean answered,
        @Nullable String model,
        @Nullable Long firstTokenMs,
        long tookMs,
        String problem,
        List<Phrase> words) {

    BackendTrial {
        words = List.copyOf(words);
    }

    BackendTrial(
            String backend,
            boolean answered,
            @Nullable String model,
            @Nullable Long firstTokenMs,
            long tookMs,
            String problem) {
        this(
                backend,
                answered,
                model,
                firstTokenMs,
                tookMs,
                problem,
                Wording.read(problem).phrases());
    }
}
