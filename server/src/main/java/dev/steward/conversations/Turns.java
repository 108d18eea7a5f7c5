package dev.steward.conversations;

import dev.steward.base.Cursor;
import dev.steward.base.Page;
import dev.steward.base.UserId;
import dev.steward.base.Wording;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Turns, their events and what they put into the log. Each method is one statement or one transaction: it happens
/// whole or not at all, and joins a transaction of the caller.
///
/// The second half is for the attempt at work on a turn. It shows its fencing number, and a number that is not the
/// turn's own, or a turn that ended, makes the call change nothing and answer `false` or empty: the attempt must
/// stop. Events are committed before any subscriber sees them. Safe for use by many threads.
public interface Turns {

    /// Turns of one conversation that may wait or run at once; more are refused, so that a loop can't fill the
    /// queue.
    int UNFINISHED_MAX = 20;

    /// Puts the person's message into the log and makes the turn, `pending`. An id that is there already changes
    /// nothing.
    ///
    /// @return the turn; whether this call made it says [Accepted#created]
    /// @throws dev.steward.base.StewardException `not_found`; `rate_limit_exceeded` past [#UNFINISHED_MAX];
    ///                                           409 when the turn to be replaced has not ended;
    ///                                           `validation_error` if its place is in another conversation
    Accepted accept(NewTurn turn);

    /// Speaks without being asked: a turn that is complete from the start and has no message of the person.
    /// An id that is there already changes nothing.
    ///
    /// @throws dev.steward.base.StewardException `not_found` if the conversation is missing
    Turn say(Saying saying);

    /// @throws dev.steward.base.StewardException `not_found`
    Turn find(UserId owner, TurnId turn);

    /// The turns of a conversation by place and age, of all branches.
    ///
    /// @throws dev.steward.base.StewardException `not_found` if the conversation is missing
    Page<Turn> list(UserId owner, ConversationId conversation, boolean newestFirst, Optional<Cursor> after, int limit);

    /// One branch of a conversation, its end first: the one through a turn that was written to last, or the newest.
    ///
    /// @param through a turn of the branch; empty: the turn that was made last
    /// @throws dev.steward.base.StewardException `not_found` if that turn is not in this conversation
    Page<Turn> branch(
            UserId owner, ConversationId conversation, Optional<TurnId> through, Optional<Cursor> after, int limit);

    /// Stops a turn: `cancelled` event, text so far into the log.
    ///
    /// @return whether it had not ended before
    /// @throws dev.steward.base.StewardException `not_found`
    boolean cancel(UserId owner, TurnId turn);

    /// Stores what the person thinks of an answer; a later one replaces an earlier one.
    ///
    /// @param rating 1 or -1
    /// @throws dev.steward.base.StewardException `not_found`
    void rate(UserId owner, TurnId turn, int rating, String comment);

    /// Figures of the owner's turns by agent.
    List<AgentFigures> figures(UserId owner);

    /// Turns that wait or run and whose newest change is older than `age`, oldest first, of all owners.
    List<Turn> unfinished(Duration age, int limit);

    /// Takes the turn over: `running`, and `fence` is its number from now on. Writes `started` the first time.
    ///
    /// @return empty if it ended or a newer attempt has it
    Optional<Turn> start(TurnId turn, long fence);

    /// What its events say.
    Said said(TurnId turn);

    /// The turns that led to this one, in order, those with an answer, whole or stopped; places after `afterSlot` only,
    /// the newest `limit`. Other branches are not in it.
    List<Turn> history(Turn turn, int afterSlot, int limit);

    /// Whether an earlier turn of its conversation has not ended.
    boolean mustWait(Turn turn);

    /// The first turn after this one in its conversation that has not ended.
    Optional<Turn> nextInLine(Turn turn);

    /// Decides who answers: `agent` event, and the log entries that led there.
    boolean assign(Turn turn, long fence, String agent, Wording why, List<LogLine> lines);

    /// Writes log entries of this turn, such as agents' messages.
    boolean log(Turn turn, long fence, List<LogLine> lines);

    /// What the turn has put into the log so far, in order.
    List<LogEntry> logged(Turn turn);

    /// Appends events, all or none.
    boolean append(TurnId turn, long fence, List<EventDraft> events);

    /// Appends events and gives the turn back: `pending`, until its task is run again.
    ///
    /// @param failed whether the attempt counts as failed
    boolean release(TurnId turn, long fence, boolean failed, List<EventDraft> events);

    /// The answer is whole: events, answer, log entry and status in one statement.
    ///
    /// @param events ends with `completed`
    boolean complete(Turn turn, long fence, Completion completion, List<EventDraft> events);

    /// The turn ends without a whole answer. What was said stays, and is in the log, marked as incomplete.
    ///
    /// @param problem a JSON object, the problem document
    boolean fail(Turn turn, long fence, String answer, String problem, List<EventDraft> events);

    /// Ends a turn whose task is gone, as no attempt will: `failed`, or `cancelled`.
    ///
    /// @param problem a JSON object, for `failed`; empty: cancelled
    boolean abandon(TurnId turn, Optional<String> problem);

    /// The newest summary that covers only turns that led to this one.
    Optional<Summary> summary(Turn turn);

    /// Stores a summary of everything up to `upTo`; once.
    ///
    /// @return whether it is new
    boolean summarise(Turn upTo, String agent, String text);

    /// A turn that was accepted, now or before.
    ///
    /// @param first whether it is the first of its conversation
    record Accepted(Turn turn, boolean created, boolean first) {}

    /// What Steward says of its own accord.
    ///
    /// @param task the durable task that says it
    /// @param text no NUL, no lone surrogates
    record Saying(
            TurnId id,
            ConversationId conversation,
            UserId owner,
            UUID task,
            String agent,
            String text,
            String traceId) {}

    /// A line for the log that is not written yet.
    ///
    /// @param kind   `AGENT` or `HAND_OVER`
    /// @param detail a JSON object
    record LogLine(LogEntry.Kind kind, String speaker, String content, String detail) {}

    /// How a whole answer came to be.
    record Completion(String model, String answer, int promptTokens, int completionTokens, String finishReason) {}

    /// What one agent did for one person.
    ///
    /// @param meanLatency from accepted to completed, over completed turns
    record AgentFigures(
            String agent,
            long turns,
            long completed,
            long failed,
            long promptTokens,
            long completionTokens,
            Duration meanLatency) {}
}
