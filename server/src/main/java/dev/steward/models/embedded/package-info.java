/// The basic built-in model: a catalogue of small models, their installer, and a supervised child process that runs
/// one of them (CHAT-15, OBS-7). Part of the room `models`.
///
/// Steward opens an OpenAI-compatible door on loopback ([EmbeddedModelServer]) and hands each request to the child over
/// its standard input and output. The native code (llama.cpp) lives in the child alone: when it crashes or runs out of
/// memory, one answer fails and the supervisor starts it anew. The door's address stays the same over such restarts,
/// and while the model has given its memory back.
///
/// Decision: docs/decisions/0010-embedded-model.md.
@NullMarked
package dev.steward.models.embedded;

import org.jspecify.annotations.NullMarked;
