/// Conversations, turns, their append-only log and their events (CHAT-2, CHAT-3).
@NullMarked
package dev.steward.conversations;

import org.jspecify.annotations.NullMarked;
