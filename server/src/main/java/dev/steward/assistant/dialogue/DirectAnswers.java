package dev.steward.assistant.dialogue;

import dev.steward.conversations.Turn;

/// Answers that need no model, tried before one is asked.
interface DirectAnswers {

    /// None at all.
    DirectAnswers NONE = (_, _) -> false;

    /// Answers the turn as a whole, if it is one of these.
    ///
    /// @param fence of the attempt at work on it
    /// @return whether the attempt is over
    boolean answer(Turn turn, long fence) throws InterruptedException;
}
