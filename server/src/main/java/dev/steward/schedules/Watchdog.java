package dev.steward.schedules;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Catalogue;
import dev.steward.base.IdSource;
import dev.steward.base.Language;
import dev.steward.base.UserId;
import dev.steward.database.Transactions;
import dev.steward.tasks.NewTask;
import dev.steward.tasks.Priority;
import dev.steward.tasks.Task;
import dev.steward.tasks.TaskId;
import dev.steward.tasks.TaskQueue;
import dev.steward.tasks.TaskStatus;
import io.micrometer.core.instrument.Counter;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Looks whether what was to run did run (TASK-6). It is not the driver and asks it nothing: it reads what the
/// tables say, so a driver that is dead, stuck or wrong is found out too. Notices are durable tasks, told once.
///
/// Safe for use by many threads, and by many processes on one database.
final class Watchdog {

    static final int BATCH_MAX = 500;

    /// Results that are nothing, beside blank text.
    private static final Set<String> NOTHING = Set.of("", "null", "{}", "[]");

    private static final Catalogue TEXTS = new Catalogue("schedules");
    private static final int NOTICE_RETRIES = 20;

    private static final Logger log = LoggerFactory.getLogger(Watchdog.class);

    private final ScheduleStore store;
    private final TaskQueue tasks;
    private final Transactions transactions;
    private final IdSource ids;
    private final JsonMapper json;
    private final Supplier<Instant> now;
    private final Function<UserId, Language> languages;
    private final Counter notRun;

    /// @param now       the database's time
    /// @param languages in which each person is told
    Watchdog(
            ScheduleStore store,
            TaskQueue tasks,
            Transactions transactions,
            IdSource ids,
            JsonMapper json,
            Supplier<Instant> now,
            Function<UserId, Language> languages,
            Counter notRun) {
        this.store = requireNonNull(store, "store");
        this.tasks = requireNonNull(tasks, "tasks");
        this.transactions = requireNonNull(transactions, "transactions");
        this.ids = requireNonNull(ids, "ids");
        this.json = requireNonNull(json, "json");
        this.now = requireNonNull(now, "now");
        this.languages = requireNonNull(languages, "languages");
        this.notRun = requireNonNull(notRun, "notRun");
    }

    /// One look at everything.
    ///
    /// @return how many notices it made
    int look() {
        Instant at = now.get();
        return neverTaken(at) + notOver(at);
    }

    /// Runs that have not even become tasks.
    private int neverTaken(Instant at) {
        int told = 0;
        for (Schedule schedule : store.overdue(at, BATCH_MAX)) {
            Instant missing = schedule.nextAt().orElseThrow();
            told += transactions.inOne(() -> {
                if (!store.tellOverdue(schedule.id(), missing)) {
                    return 0;
                }
                tell(schedule.owner(), schedule, missing, "notice_not_taken");
                return 1;
            });
        }
        return told;
    }

    private int notOver(Instant at) {
        int told = 0;
        Instant after = Instant.EPOCH;
        while (true) {
            List<ScheduleStore.Run> open = store.open(at, after, BATCH_MAX);
            for (ScheduleStore.Run run : open) {
                told += look(run, at);
            }
            if (open.size() < BATCH_MAX) {
                return told;
            }
            Instant last = open.getLast().occurrence();
            // Many runs may share one instant; those not seen now are seen when these are settled.
            after = last.equals(open.getFirst().occurrence()) ? last : last.minusNanos(1000);
        }
    }

    private int look(ScheduleStore.Run run, Instant at) {
        Optional<Task> task = tasks.find(run.owner(), new TaskId(run.task()));
        String outcome = task.map(this::outcome).orElse("removed");
        boolean well = outcome.equals("completed") || outcome.equals("cancelled");
        boolean late = outcome.isEmpty() && at.isAfter(run.expectedBy());
        if (!well && !late && outcome.isEmpty()) {
            return 0;
        }
        return transactions.inOne(() -> {
            if (!outcome.isEmpty()) {
                store.settle(run.schedule(), run.occurrence(), outcome);
            }
            boolean tell = !well && !outcome.equals("removed") && run.told().isEmpty();
            Optional<Schedule> schedule = store.find(run.owner(), run.schedule());
            if (!tell || schedule.isEmpty() || !store.tell(run.schedule(), run.occurrence())) {
                return 0;
            }
            if (store.toldBefore(run.schedule(), run.occurrence())) {
                return 0; // It keeps going wrong, and its owner knows.
            }
            Optional<String> why = task.flatMap(Task::error).map(e -> e.message());
            switch (outcome) {
                case "nothing" -> tell(run.owner(), schedule.get(), run.occurrence(), "notice_nothing");
                case "failed" ->
                    tell(
                            run.owner(),
                            schedule.get(),
                            run.occurrence(),
                            why.isPresent() ? "notice_failed_why" : "notice_failed",
                            why.orElse(""));
                default -> tell(run.owner(), schedule.get(), run.occurrence(), "notice_late", status(task));
            }
            return 1;
        });
    }

    /// Empty: it is not over.
    private String outcome(Task task) {
        return switch (task.status()) {
            case COMPLETED -> task.result().map(this::isNothing).orElse(true) ? "nothing" : "completed";
            case CANCELLED -> "cancelled";
            case FAILED, DEAD_LETTER -> "failed";
            default -> "";
        };
    }

    private boolean isNothing(String result) {
        try {
            JsonNode value = json.readTree(result);
            return value.isString() ? value.stringValue().isBlank() : NOTHING.contains(value.toString());
        } catch (JacksonException _) {
            return result.isBlank();
        }
    }

    private static String status(Optional<Task> task) {
        return task.map(Task::status)
                .map(TaskStatus::name)
                .map(s -> s.toLowerCase(Locale.ROOT))
                .orElse("gone");
    }

    private void tell(UserId owner, Schedule schedule, Instant occurrence, String key, String... more) {
        ZoneId zone = schedule.timing().zone();
        Language language = languages.apply(owner);
        String when = new Words(language).date(occurrence.atZone(zone)) + " (" + zone.getId() + ")";
        String name = schedule.work().description().isBlank()
                ? schedule.work().type()
                : schedule.work().description();
        tasks.accept(new NewTask(
                new TaskId(ids.next()),
                owner,
                TellTaskHandler.NOTICE,
                Priority.HIGH,
                "Tell of a run that went wrong",
                json.writeValueAsString(Map.of(
                        "text",
                        more.length == 0
                                ? TEXTS.say(language, key, name, when)
                                : TEXTS.say(language, key, name, when, more[0]),
                        "schedule",
                        schedule.id().toString(),
                        "occurrence",
                        occurrence.toString())),
                Optional.empty(),
                Optional.empty(),
                NOTICE_RETRIES,
                Optional.of("schedule:" + schedule.id())));
        notRun.increment();
        log.atWarn()
                .addKeyValue("schedule_id", schedule.id())
                .addKeyValue("occurrence", occurrence)
                .log("a scheduled run did not happen as expected; its owner is told");
    }
}
