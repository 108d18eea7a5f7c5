package dev.steward.cli;

import static java.util.Objects.requireNonNull;

/// How a turn ended.
sealed interface TurnResult {

    /// The answer is whole.
    record Completed(String answer) implements TurnResult {

        public Completed {
            requireNonNull(answer, "answer");
        }
    }

    /// There is no answer, or not all of it.
    ///
    /// @param detail the server's sentence for people
    record Failed(String answer, String detail) implements TurnResult {

        public Failed {
            requireNonNull(answer, "answer");
            requireNonNull(detail, "detail");
        }
    }

    /// The person stopped it.
    record Cancelled(String answer) implements TurnResult {

        public Cancelled {
            requireNonNull(answer, "answer");
        }
    }
}
