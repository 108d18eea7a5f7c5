package dev.steward.models;

import dev.steward.base.Wording;
import java.util.List;

/// What comes of asking a model, piece by piece. An answer is zero or more [Reading], [Text], [Failover] and [Reset],
/// then one [Done].
public sealed interface AnswerEvent {

    /// The next piece of the answer; never empty.
    record Text(String text) implements AnswerEvent {}

    /// The model has not begun to answer: it reads what it was given. Only from models that tell.
    ///
    /// @param read  tokens that are read
    /// @param total tokens that are to be read; 0 while it waits for others or for its model to be loaded
    record Reading(int read, int total) implements AnswerEvent {

        public Reading {
            if (read < 0 || total < 0) {
                throw new IllegalArgumentException("tokens are not negative");
            }
        }
    }

    /// Another backend or another attempt goes on, and why; `message` is for the reader.
    ///
    /// @param level 1 immediate retry, 2 backoff retry, 3 fallback, 4 degraded, 5 manual (RES-9)
    record Failover(int level, String strategy, String outcome, Wording message) implements AnswerEvent {}

    /// The text from this character on is void: the answer is being written anew from there.
    record Reset(int offset) implements AnswerEvent {}

    /// The answer is whole.
    ///
    /// @param finishReason `stop`, `length`, `tool_calls` or `content_filter`, as in the OpenAI API
    /// @param toolCalls    what the model asks to be done; given only here, when all are whole, so that no failover
    ///                     can come after one was acted on
    record Done(ModelRef by, Usage usage, String finishReason, List<ToolCall> toolCalls) implements AnswerEvent {

        public Done {
            toolCalls = List.copyOf(toolCalls);
        }

        /// An answer of text alone.
        public Done(ModelRef by, Usage usage, String finishReason) {
            this(by, usage, finishReason, List.of());
        }
    }
}
