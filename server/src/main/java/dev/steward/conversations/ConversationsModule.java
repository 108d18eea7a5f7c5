package dev.steward.conversations;

import dev.steward.base.IdSource;
import dev.steward.database.Transactions;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Builds conversations, turns and their feed.
@Configuration(proxyBeanMethods = false)
public class ConversationsModule {

    @Bean(destroyMethod = "close")
    TurnEventFeed turnEventFeed(JdbcClient jdbc) {
        return new TurnEventFeed(new TurnEventStore(jdbc));
    }

    @Bean
    Turns turns(JdbcClient jdbc, IdSource ids, InstantSource clock, TurnEventFeed feed, Transactions transactions) {
        return new StoredTurns(
                new TurnStore(jdbc, ids, clock),
                new TurnProgressStore(jdbc, ids, clock),
                new TurnEventStore(jdbc),
                new LogStore(jdbc, ids, clock),
                feed,
                transactions);
    }

    @Bean
    Conversations conversations(
            JdbcClient jdbc, IdSource ids, InstantSource clock, Turns turns, Transactions transactions) {
        return new Conversations(
                new ConversationStore(jdbc, clock), new TurnStore(jdbc, ids, clock), turns, transactions);
    }
}
