package dev.steward.conversations;

import dev.steward.base.IdSource;
import dev.steward.base.InputRules;
import dev.steward.database.Peers;
import dev.steward.database.Transactions;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// Builds conversations, turns and their feed.
@Configuration(proxyBeanMethods = false)
public class ConversationsModule {

    @Bean(destroyMethod = "close")
    TurnEventFeed turnEventFeed(JdbcClient jdbc, Peers peers) {
        return new TurnEventFeed(new TurnEventStore(jdbc), TurnNews.by(peers));
    }

    @Bean
    Turns turns(
            JdbcClient jdbc, IdSource ids, InstantSource clock, TurnEventFeed feed, TransactionTemplate transactions) {
        return new StoredTurns(
                new TurnStore(jdbc, ids, clock),
                new TurnProgressStore(jdbc, ids, clock),
                new TurnEventStore(jdbc),
                new LogStore(jdbc, ids, clock),
                feed,
                new Transactions(transactions));
    }

    @Bean
    Conversations conversations(
            JdbcClient jdbc, IdSource ids, InstantSource clock, Turns turns, TransactionTemplate transactions) {
        return new Conversations(
                new ConversationStore(jdbc, clock),
                new TurnStore(jdbc, ids, clock),
                turns,
                new Transactions(transactions));
    }

    @Bean
    ConversationController conversationController(Conversations conversations, Turns turns) {
        return new ConversationController(conversations, turns);
    }

    @Bean
    TurnController turnController(Turns turns, TurnEventFeed feed, InputRules rules) {
        return new TurnController(turns, feed, rules);
    }
}
