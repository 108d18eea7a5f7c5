/// What people and programs send, checked before anything is done with it (CHAT-4).
///
/// Names (titles, file names, agents, keys) are refused on a hit. Free text is stored as typed, flagged, and encoded
/// wherever it is shown; only strict mode refuses it. Detection is a sign for people and policies, never the defence:
/// that is parameters in SQL, encoding in pages, and no paths made of input.
@NullMarked
package dev.steward.assistant.input;

import org.jspecify.annotations.NullMarked;
