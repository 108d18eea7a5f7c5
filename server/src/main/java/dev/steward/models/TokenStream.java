package dev.steward.models;

import java.util.List;
import java.util.Optional;

/// The answer of one backend to one chat call, token by token. Used by one thread.
interface TokenStream extends AutoCloseable {

    /// Waits for the next text; empty at the end of a whole answer. A text without characters brings no text but
    /// news of the prompt, see [#reading].
    ///
    /// @throws BackendFault         the answer ended before its end, late, or as an error
    /// @throws InterruptedException the caller was interrupted
    Optional<String> next() throws BackendFault, InterruptedException;

    /// How far the prompt is read, as last told.
    default AnswerEvent.Reading reading() {
        return new AnswerEvent.Reading(0, 0);
    }

    /// The tokens as the backend counted them; [Usage#NONE] if it did not. Known at the end.
    Usage usage();

    /// Known at the end.
    String finishReason();

    /// What the model asks to be done. Known at the end.
    List<ToolCall> toolCalls();

    /// Ends the call if it is not done. Never throws.
    @Override
    void close();
}
