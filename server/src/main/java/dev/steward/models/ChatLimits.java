package dev.steward.models;

/// How much a backend may send.
///
/// @param eventBytesMax  longest single event: far above any real token, far below what hurts
/// @param answerCharsMax longest answer, in characters or, where it is passed on raw, in bytes; some 250,000 words
/// @param plainBytesMax  longest answer that comes in one piece, in bytes
record ChatLimits(int eventBytesMax, int answerCharsMax, int plainBytesMax) {

    static final ChatLimits DEFAULT = new ChatLimits(1 << 20, 2 << 20, 16 << 20);
}
