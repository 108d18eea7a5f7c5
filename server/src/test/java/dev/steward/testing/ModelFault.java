package dev.steward.testing;

/// The ways in which [FaultyModelServer] fails a chat call. Each comes in both protocols, streamed and plain.
public enum ModelFault {
    /// Answers as it should.
    NONE,
    /// 404, in the protocol's own words.
    MODEL_ABSENT,
    /// Nobody listens on the port.
    REFUSE_CONNECTIONS,
    /// Reads the request and says nothing.
    HANG_BEFORE_HEADERS,
    /// Sends the head, for a stream also what comes before a token, and then nothing.
    HANG_BEFORE_FIRST_TOKEN,
    /// Sends half of the answer and then nothing.
    HANG_BETWEEN_TOKENS,
    /// Sends the body byte by byte, with a pause after each: see [FaultyModelServer#dripInterval].
    SLOW_DRIP,
    /// Sends the head byte by byte.
    SLOW_DRIP_OF_HEADERS,
    /// 429 without a word on when to come back.
    RATE_LIMITED,
    /// 429 with `Retry-After: 1`.
    RATE_LIMITED_SECONDS,
    /// 429 with a `Retry-After` date two seconds ahead.
    RATE_LIMITED_DATE,
    /// 429 with a `Retry-After` that is neither.
    RATE_LIMITED_GARBAGE,
    STATUS_500,
    STATUS_502,
    STATUS_503,
    /// 400: the request is refused.
    STATUS_400,
    /// 401: the key is wrong.
    STATUS_401,
    /// A body of the announced length that ends in the middle of a JSON document.
    HALF_JSON,
    /// Half of the events, or of the announced length, then the connection ends.
    HALF_STREAM,
    /// Ends in the middle of a character of several bytes.
    CUT_IN_UTF8,
    /// All tokens and a proper end of the body, but neither a finish reason nor an end mark.
    NO_END_MARK,
    /// Bytes that are not HTTP.
    GARBAGE,
    /// A proper head with bytes that are not the protocol.
    GARBAGE_BODY,
    /// 200 with a page for people.
    WRONG_CONTENT_TYPE,
    /// 200, and an error object as the first thing in the body.
    ERROR_AT_ONCE,
    /// 200, half of the tokens, then an error object.
    ERROR_IN_STREAM,
    /// The connection is reset after the request was read.
    RESET,
    /// The connection is reset after half of the answer.
    RESET_HALF_WAY,
    /// The connection ends after the request was read.
    FIN_BEFORE_HEADERS,
    /// The connection ends after the head.
    FIN_BEFORE_BODY,
    /// One token of several MiB.
    GIGANTIC_TOKEN,
    /// A body without a single line end.
    NO_NEWLINE,
    /// Tokens without end.
    NEVER_ENDING,
    /// Points to another address.
    REDIRECT,
    /// A compressed body that nobody asked for.
    GZIP,
    /// Every event twice. Nothing in either protocol tells a repeated token from a meant one.
    DUPLICATE_CHUNKS,
    /// Answers well but closes the kept connection when the next request comes on it, unread.
    KEEP_ALIVE_CLOSED,
    /// Answers well but without token counts.
    USAGE_MISSING,
    /// A whole stream with a finish reason, but without the last mark.
    DONE_MISSING,
    /// Refuses `stream_options` with 400, as older servers do.
    STREAM_OPTIONS_REFUSED
}
