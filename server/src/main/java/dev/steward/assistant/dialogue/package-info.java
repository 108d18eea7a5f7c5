/// From a message to an answer: turns as durable tasks, context, streaming, recovery, background work on
/// conversations.
@NullMarked
package dev.steward.assistant.dialogue;

import org.jspecify.annotations.NullMarked;
