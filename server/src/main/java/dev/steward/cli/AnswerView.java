package dev.steward.cli;

/// Shows an answer while it comes.
interface AnswerView {

    /// More of the text.
    void token(String text);

    /// The text from `offset` on is void and comes anew.
    ///
    /// @param offset in UTF-16 code units
    void reset(int offset);

    /// Something a reader may want to know: who answers, what failed over, a broken connection.
    void note(String message);
}
