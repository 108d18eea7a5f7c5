package dev.steward.models;

import java.util.List;
import java.util.Optional;

/// An answer in the OpenAI-compatible API's own bytes. Used by one thread, except for [#close].
///
/// ```
/// try (RawAnswer answer = gateway.open(call)) {
///     while (answer.next()) {
///         out.write(answer.buffer(), answer.offset(), answer.length());
///     }
/// }
/// ```
///
/// Of a stream each piece is one or more whole server-sent events, the last one `data: [DONE]`; of a plain call the
/// only piece is the whole JSON document. The first piece comes with the first token, so until then a failover
/// leaves no trace in the bytes; after that the next backend goes on in the same stream, behind a comment line that
/// says so.
public interface RawAnswer extends AutoCloseable {

    /// Waits for the next piece; `false` once the answer is whole.
    ///
    /// @throws ModelException       every backend failed, or the call was closed; pieces given before stand, and
    ///                              the answer is not whole
    /// @throws InterruptedException when the caller was interrupted; the call at the backend is cancelled
    boolean next() throws InterruptedException;

    /// Holds the piece that the last [#next] announced; good until the next call of [#next] or [#close].
    byte[] buffer();

    /// Where the piece begins.
    int offset();

    /// How long the piece is, in bytes.
    int length();

    /// Who answers; known once [#next] returned `true`.
    Optional<ModelRef> by();

    /// The tokens as far as the backend told them; for a stream only if the client asked for them.
    Optional<Usage> usage();

    /// What had to be overcome so far, oldest first.
    List<AnswerEvent.Failover> failovers();

    /// Ends the call at the backend if it is not done, from any thread: a waiting [#next] throws at once.
    /// Never throws.
    @Override
    void close();
}
