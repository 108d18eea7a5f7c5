package dev.steward.schedules;

import dev.steward.base.IdSource;
import dev.steward.base.InputRules;
import dev.steward.base.Language;
import dev.steward.components.ComponentRegistry;
import dev.steward.components.Tier;
import dev.steward.conversations.Conversations;
import dev.steward.conversations.Turns;
import dev.steward.database.Transactions;
import dev.steward.http.Egress;
import dev.steward.identity.Account;
import dev.steward.identity.Accounts;
import dev.steward.tasks.TaskHandler;
import dev.steward.tasks.TaskQueue;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.util.concurrent.Semaphore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// Builds schedules: the service, the driver that makes tasks of what is due, and the watchdog that sees what
/// is not.
@Configuration(proxyBeanMethods = false)
public class SchedulesModule {

    @Bean
    ScheduleBell scheduleBell() {
        return new ScheduleBell(new Semaphore(0));
    }

    /// A permit wakes the driver.
    record ScheduleBell(Semaphore permits) {}

    @Bean
    Schedules schedules(
            JdbcClient jdbc,
            TaskQueue tasks,
            Accounts accounts,
            SchedulesConfig config,
            TransactionTemplate transactions,
            IdSource ids,
            ScheduleBell bell) {
        var store = new ScheduleStore(jdbc);
        return new Schedules(
                store,
                tasks,
                accounts,
                config,
                new Transactions(transactions),
                ids,
                store::now,
                bell.permits()::release);
    }

    @Bean
    SpokenSchedules spokenSchedules(Schedules schedules, JsonMapper json) {
        return new SpokenSchedules(schedules, json);
    }

    @Bean
    CalendarController calendarController(
            JdbcClient jdbc,
            Schedules schedules,
            InputRules rules,
            TransactionTemplate transactions,
            IdSource ids,
            JsonMapper json) {
        return new CalendarController(
                new CalendarFeeds(new CalendarFeedStore(jdbc), schedules, new SecureRandom()),
                new CalendarImport(schedules, rules, new Transactions(transactions), ids, json));
    }

    @Bean
    ScheduleController scheduleController(Schedules schedules, ObjectProvider<TaskHandler> handlers, JsonMapper json) {
        return new ScheduleController(
                schedules,
                type -> handlers.stream().filter(h -> h.type().equals(type)).findFirst(),
                json);
    }

    @Bean
    TaskHandler reminderTaskHandler(
            JdbcClient jdbc,
            Accounts accounts,
            Conversations conversations,
            Turns turns,
            TransactionTemplate transactions,
            IdSource ids,
            InputRules rules,
            JsonMapper json) {
        return TellTaskHandler.reminders(
                reminders(jdbc, accounts, conversations, turns, transactions, ids), rules, json);
    }

    @Bean
    NoticePostHandler noticePostHandler(SchedulesConfig config, TaskQueue tasks, Egress egress, JsonMapper json) {
        return new NoticePostHandler(config.noticeUrl(), tasks, egress, json);
    }

    @Bean
    TaskHandler noticeTaskHandler(
            NoticePostHandler other,
            JdbcClient jdbc,
            Accounts accounts,
            Conversations conversations,
            Turns turns,
            TransactionTemplate transactions,
            IdSource ids,
            JsonMapper json) {
        return TellTaskHandler.notices(reminders(jdbc, accounts, conversations, turns, transactions, ids), other, json);
    }

    private static Reminders reminders(
            JdbcClient jdbc,
            Accounts accounts,
            Conversations conversations,
            Turns turns,
            TransactionTemplate transactions,
            IdSource ids) {
        return new Reminders(
                new ReminderStore(jdbc),
                owner -> accounts.find(owner).flatMap(Account::language).orElse(Language.EN),
                conversations,
                turns,
                new Transactions(transactions),
                ids);
    }

    @Bean
    SmartLifecycle scheduleThreads(
            Schedules schedules,
            JdbcClient jdbc,
            TaskQueue tasks,
            SchedulesConfig config,
            TransactionTemplate template,
            IdSource ids,
            JsonMapper json,
            MeterRegistry metrics,
            ComponentRegistry components,
            ScheduleBell bell) {
        var store = new ScheduleStore(jdbc);
        var transactions = new Transactions(template);
        var driver = new ScheduleDriver(store, tasks, schedules::nextTaskId, transactions, config.grace(), store::now);
        var notRun = Counter.builder("schedule_runs_missing")
                .description("Scheduled runs that did not happen as expected and were told")
                .register(metrics);
        var watchdog = new Watchdog(store, tasks, transactions, ids, json, store::now, schedules::language, notRun);
        var component = components.register("schedules", Tier.ESSENTIAL);
        return new Running(new ScheduleThreads(driver, watchdog, config, component, bell.permits()));
    }

    /// Runs while the queue does: it starts after it and stops before it.
    private static final class Running implements SmartLifecycle {

        private final ScheduleThreads threads;
        private volatile boolean running;

        Running(ScheduleThreads threads) {
            this.threads = threads;
        }

        @Override
        public void start() {
            threads.start();
            running = true;
        }

        @Override
        public void stop() {
            running = false;
            threads.stop();
        }

        @Override
        public boolean isRunning() {
            return running;
        }
    }
}
