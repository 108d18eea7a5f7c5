package dev.steward.conversations;

import dev.steward.base.IdSource;
import dev.steward.base.UserId;
import dev.steward.database.Transactions;
import dev.steward.testing.PostgresFixture;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// The conversations room on a test's database, as its module builds it.
public final class ConversationRooms implements AutoCloseable {

    public final IdSource ids;
    public final Transactions transactions;
    public final TurnEventFeed feed;
    public final Turns turns;
    public final Conversations conversations;
    public final UserId owner;

    public ConversationRooms(PostgresFixture postgres, InstantSource clock) {
        this(postgres.jdbc(), postgres.transactions(), clock);
    }

    /// On any database.
    public ConversationRooms(JdbcClient jdbc, TransactionOperations operations, InstantSource clock) {
        ids = new IdSource(clock, new java.security.SecureRandom());
        owner = new UserId(UUID.randomUUID());
        transactions = new Transactions(operations);
        feed = new TurnEventFeed(new TurnEventStore(jdbc), TurnNews.none());
        var store = new TurnStore(jdbc, ids, clock);
        turns = new StoredTurns(
                store,
                new TurnProgressStore(jdbc, ids, clock),
                new TurnEventStore(jdbc),
                new LogStore(jdbc, ids, clock),
                feed,
                transactions);
        conversations = new Conversations(new ConversationStore(jdbc, clock), store, turns, transactions);
    }

    public ConversationId conversation() {
        return conversations
                .create(owner, new ConversationId(ids.next()), Optional.empty(), Optional.empty())
                .id();
    }

    public NewTurn message(ConversationId conversation, String text) {
        return message(conversation, text, new NewTurn.Place.Newest());
    }

    public NewTurn message(ConversationId conversation, String text, NewTurn.Place place) {
        return new NewTurn(
                new TurnId(ids.next()),
                conversation,
                owner,
                ids.next(),
                Optional.empty(),
                Optional.empty(),
                text,
                "[]",
                place,
                Optional.empty(),
                "request-1");
    }

    /// A turn that is being answered with fencing number 1.
    public Turn running(String text) {
        Turn turn = turns.accept(message(conversation(), text)).turn();
        return turns.start(turn.id(), 1).orElseThrow();
    }

    @Override
    public void close() {
        feed.close();
    }
}
