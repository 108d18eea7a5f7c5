package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Cursor;
import dev.steward.base.ErrorCode;
import dev.steward.base.FieldFault;
import dev.steward.base.Page;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import dev.steward.base.Wording;
import dev.steward.conversations.NewTurn.Place;
import dev.steward.database.Transactions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// Turns in the database; readers hear of each event after its commit.
final class StoredTurns implements Turns {

    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private final TurnStore turns;
    private final TurnProgressStore progress;
    private final TurnEventStore events;
    private final LogStore log;
    private final TurnEventFeed feed;
    private final Transactions transactions;

    StoredTurns(
            TurnStore turns,
            TurnProgressStore progress,
            TurnEventStore events,
            LogStore log,
            TurnEventFeed feed,
            Transactions transactions) {
        this.turns = requireNonNull(turns, "turns");
        this.progress = requireNonNull(progress, "progress");
        this.events = requireNonNull(events, "events");
        this.log = requireNonNull(log, "log");
        this.feed = requireNonNull(feed, "feed");
        this.transactions = requireNonNull(transactions, "transactions");
    }

    @Override
    public Accepted accept(NewTurn turn) {
        return transactions.inOne(() -> {
            TurnStore.Tip tip = turns.lockConversation(turn.owner(), turn.conversation())
                    .orElseThrow(() -> StewardException.notFound("conversation"));
            Optional<Turn> there = turns.find(turn.owner(), turn.id());
            if (there.isPresent()) {
                return new Accepted(there.get(), false, there.get().slot() == 1);
            }
            turn.regenerates().ifPresent(old -> requireEnded(turn, old));
            Spot spot = spot(turn, tip);
            if (turns.countUnfinished(turn.owner(), turn.conversation()) >= UNFINISHED_MAX) {
                throw StewardException.busy(
                        ErrorCode.RATE_LIMIT_EXCEEDED,
                        "This conversation has " + UNFINISHED_MAX + " messages that are not answered yet."
                                + " Nothing was lost: they will be answered in order. Send this one again later.",
                        Duration.ofSeconds(30));
            }
            if (!turns.insert(turn, spot.parent(), spot.slot())) {
                // The id names somebody else's turn, or one of another conversation.
                throw StewardException.notFound("turn");
            }
            boolean first = tip.turn().isEmpty();
            if (first) {
                turns.entitle(turn.conversation(), FirstTitle.of(turn.message()));
            }
            return new Accepted(find(turn.owner(), turn.id()), true, first);
        });
    }

    /// Where a turn goes.
    private record Spot(Optional<TurnId> parent, int slot) {}

    private Spot spot(NewTurn turn, TurnStore.Tip tip) {
        return switch (turn.place()) {
            case Place.Newest() -> new Spot(tip.turn(), tip.slot() + 1);
            case Place.After(TurnId id, String field) -> {
                Turn before = neighbour(turn, id, field);
                yield new Spot(Optional.of(before.id()), before.slot() + 1);
            }
            case Place.InsteadOf(TurnId id, String field) -> {
                Turn beside = neighbour(turn, id, field);
                yield new Spot(beside.parent(), beside.slot());
            }
        };
    }

    private Turn neighbour(NewTurn turn, TurnId id, String field) {
        Turn found = turns.find(turn.owner(), id).orElseThrow(() -> StewardException.notFound("turn"));
        if (!found.conversation().equals(turn.conversation())) {
            throw StewardException.invalid(
                    List.of(new FieldFault(field, "other_conversation", "name a turn of this conversation")));
        }
        return found;
    }

    @Override
    public Turn say(Saying saying) {
        transactions.inOne(() -> {
            TurnStore.Tip tip = turns.lockConversation(saying.owner(), saying.conversation())
                    .orElseThrow(() -> StewardException.notFound("conversation"));
            List<EventDraft> drafts = List.of(
                    EventDraft.started(),
                    EventDraft.agent(saying.agent(), dev.steward.base.Saying.WAS_DUE.said()),
                    EventDraft.token(saying.text()),
                    EventDraft.completed(0, 0, "stop"));
            if (turns.insertSaid(saying, tip, drafts)) {
                tell(saying.id(), drafts, OptionalLong.of(drafts.size()));
            }
            return true;
        });
        // Read after the commit: others wait for the conversation's lock.
        return find(saying.owner(), saying.id());
    }

    @Override
    public Turn find(UserId owner, TurnId turn) {
        return turns.find(owner, turn).map(this::withText).orElseThrow(() -> StewardException.notFound("turn"));
    }

    @Override
    public Page<Turn> list(
            UserId owner, ConversationId conversation, boolean newestFirst, Optional<Cursor> after, int limit) {
        int slot = after.map(StoredTurns::slot).orElse(newestFirst ? Integer.MAX_VALUE : 0);
        UUID id = after.map(Cursor::id).orElse(BEFORE_ALL);
        List<Turn> rows = turns.list(owner, conversation, newestFirst, slot, id, limit + 1);
        return Page.of(rows.stream().map(this::withText).toList(), limit, TurnStore::cursor);
    }

    @Override
    public Page<Turn> branch(
            UserId owner, ConversationId conversation, Optional<TurnId> through, Optional<Cursor> after, int limit) {
        if (through.isPresent()
                && turns.find(owner, through.get())
                        .filter(t -> t.conversation().equals(conversation))
                        .isEmpty()) {
            throw StewardException.notFound("turn");
        }
        // A page goes on from the turn that the one before ended with, whatever has been added to the branch since.
        Optional<TurnId> from = after.isPresent()
                ? turns.find(owner, new TurnId(after.get().id())).flatMap(Turn::parent)
                : through.isPresent()
                        ? turns.tipOf(owner, conversation, through.get())
                        : turns.tip(owner, conversation);
        List<Turn> rows = from.map(end -> turns.branch(owner, conversation, end, limit + 1))
                .orElse(List.of());
        return Page.of(rows.stream().map(this::withText).toList(), limit, TurnStore::cursor);
    }

    @Override
    public boolean cancel(UserId owner, TurnId turn) {
        if (turns.find(owner, turn).isEmpty()) {
            throw StewardException.notFound("turn");
        }
        return end(turn, TurnStatus.CANCELLED, Optional.empty(), EventDraft.cancelled());
    }

    @Override
    public boolean abandon(TurnId turn, Optional<String> problem) {
        TurnStatus status = problem.isPresent() ? TurnStatus.FAILED : TurnStatus.CANCELLED;
        return end(turn, status, problem, problem.map(EventDraft::failed).orElseGet(EventDraft::cancelled));
    }

    @Override
    public void rate(UserId owner, TurnId turn, int rating, String comment) {
        if (turns.find(owner, turn).isEmpty()) {
            throw StewardException.notFound("turn");
        }
        turns.rate(owner, turn, rating, comment);
    }

    @Override
    public List<AgentFigures> figures(UserId owner) {
        return turns.figures(owner);
    }

    @Override
    public List<Turn> unfinished(Duration age, int limit) {
        return turns.unfinished(age, limit);
    }

    @Override
    public Optional<Turn> start(TurnId turn, long fence) {
        return transactions.inOne(() -> {
            if (!progress.start(turn, fence)) {
                return Optional.empty();
            }
            Optional<Turn> started = turns.findWithFence(turn, fence);
            transactions.afterCommit(() -> started.ifPresent(t -> feed.committed(turn, t.lastSeq())));
            return started;
        });
    }

    @Override
    public Said said(TurnId turn) {
        return events.said(turn);
    }

    @Override
    public List<Turn> history(Turn turn, int afterSlot, int limit) {
        return turns.history(turn, afterSlot, limit);
    }

    @Override
    public boolean mustWait(Turn turn) {
        return turns.hasUnfinishedBefore(turn);
    }

    @Override
    public Optional<Turn> nextInLine(Turn turn) {
        return turns.firstUnfinishedAfter(turn);
    }

    @Override
    public boolean assign(Turn turn, long fence, String agent, Wording why, List<LogLine> lines) {
        List<EventDraft> drafts = List.of(EventDraft.agent(agent, why));
        return tell(turn.id(), drafts, progress.assign(turn.id(), fence, agent, drafts, lines));
    }

    @Override
    public boolean log(Turn turn, long fence, List<LogLine> lines) {
        return progress.log(turn.id(), fence, lines).isPresent();
    }

    @Override
    public List<LogEntry> logged(Turn turn) {
        return log.ofTurn(turn);
    }

    @Override
    public boolean append(TurnId turn, long fence, List<EventDraft> drafts) {
        return tell(turn, drafts, progress.append(turn, fence, drafts));
    }

    @Override
    public boolean release(TurnId turn, long fence, boolean failed, List<EventDraft> drafts) {
        return tell(turn, drafts, progress.release(turn, fence, failed, drafts));
    }

    @Override
    public boolean complete(Turn turn, long fence, Completion completion, List<EventDraft> drafts) {
        var line = new LogLine(LogEntry.Kind.ASSISTANT, speaker(turn), completion.answer(), "{\"whole\": true}");
        return tell(turn.id(), drafts, progress.complete(turn.id(), fence, completion, drafts, line));
    }

    @Override
    public boolean fail(Turn turn, long fence, String answer, String problem, List<EventDraft> drafts) {
        List<LogLine> lines = incomplete(turn, answer, TurnStatus.FAILED);
        return tell(turn.id(), drafts, progress.fail(turn.id(), fence, answer, problem, drafts, lines));
    }

    @Override
    public Optional<Summary> summary(Turn turn) {
        return log.newestSummary(turn);
    }

    @Override
    public boolean summarise(Turn upTo, String agent, String text) {
        return log.addSummary(upTo, agent, text);
    }

    private void requireEnded(NewTurn turn, TurnId old) {
        Turn replaced = find(turn.owner(), old);
        if (!replaced.conversation().equals(turn.conversation())) {
            throw StewardException.notFound("turn");
        }
        if (!replaced.status().ended()) {
            throw new StewardException(
                    ErrorCode.INVALID_INPUT, 409, dev.steward.base.Saying.STILL_ANSWERED.said(), null, List.of(), null);
        }
    }

    /// The row's lock makes the attempt at work wait, and then find the turn over; so what was read is all that was
    /// said.
    private boolean end(TurnId turn, TurnStatus status, Optional<String> problem, EventDraft event) {
        return transactions.inOne(() -> {
            Optional<Turn> locked = turns.lock(turn).filter(t -> !t.status().ended());
            if (locked.isEmpty()) {
                return false;
            }
            String text = events.said(turn).text();
            List<LogLine> lines = incomplete(locked.get(), text, status);
            OptionalLong seq = progress.end(turn, status, text, problem.orElse(null), event, lines);
            return tell(turn, List.of(event), seq);
        });
    }

    private static List<LogLine> incomplete(Turn turn, String answer, TurnStatus status) {
        if (answer.isEmpty()) {
            return List.of();
        }
        String detail = "{\"whole\": false, \"status\": \"" + status.wire() + "\"}";
        return List.of(new LogLine(LogEntry.Kind.ASSISTANT, speaker(turn), answer, detail));
    }

    private static String speaker(Turn turn) {
        return turn.agent().orElse("alpha");
    }

    private boolean tell(TurnId turn, List<EventDraft> drafts, OptionalLong lastSeq) {
        if (lastSeq.isEmpty()) {
            return false;
        }
        if (!drafts.isEmpty()) {
            long first = lastSeq.getAsLong() - drafts.size() + 1;
            List<TurnEvent> written = new ArrayList<>(drafts.size());
            for (int i = 0; i < drafts.size(); i++) {
                written.add(new TurnEvent(
                        first + i, drafts.get(i).kind(), drafts.get(i).data()));
            }
            transactions.afterCommit(() -> feed.publish(turn, written));
        }
        return true;
    }

    /// A turn that has not ended has its answer in its events only.
    private Turn withText(Turn turn) {
        return turn.status().ended() || turn.lastSeq() == 0
                ? turn
                : turn.withAnswer(events.said(turn.id()).text());
    }

    private static int slot(Cursor cursor) {
        try {
            return Integer.parseInt(cursor.key());
        } catch (NumberFormatException _) {
            throw StewardException.invalid(List.of(new FieldFault(
                    "cursor", "format", "use the next_cursor of the page before, unchanged, or leave it out")));
        }
    }
}
