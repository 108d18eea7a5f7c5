package dev.steward.schedules;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Cursor;
import dev.steward.base.ErrorCode;
import dev.steward.base.FieldFault;
import dev.steward.base.IdSource;
import dev.steward.base.Language;
import dev.steward.base.Page;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import dev.steward.database.Transactions;
import dev.steward.identity.Account;
import dev.steward.identity.Accounts;
import dev.steward.tasks.NewTask;
import dev.steward.tasks.RecurringTasks;
import dev.steward.tasks.TaskId;
import dev.steward.tasks.TaskQueue;
import dev.steward.tasks.TaskSchedule;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/// A person's schedules: making, changing, pausing and ending them. Each method is one transaction, or joins
/// the caller's. Safe for use by many threads.
public final class Schedules implements RecurringTasks {

    private final ScheduleStore store;
    private final TaskQueue tasks;
    private final Accounts accounts;
    private final TimingReader reader;
    private final SchedulesConfig config;
    private final Transactions transactions;
    private final IdSource ids;
    private final Supplier<Instant> now;
    private final Runnable changed;

    /// @param now     the database's time
    /// @param changed told after the commit of a change, so that the driver looks anew
    Schedules(
            ScheduleStore store,
            TaskQueue tasks,
            Accounts accounts,
            SchedulesConfig config,
            Transactions transactions,
            IdSource ids,
            Supplier<Instant> now,
            Runnable changed) {
        this.store = requireNonNull(store, "store");
        this.tasks = requireNonNull(tasks, "tasks");
        this.accounts = requireNonNull(accounts, "accounts");
        this.reader = new TimingReader(config);
        this.config = config;
        this.transactions = requireNonNull(transactions, "transactions");
        this.ids = requireNonNull(ids, "ids");
        this.now = requireNonNull(now, "now");
        this.changed = requireNonNull(changed, "changed");
    }

    /// The zone that a person's times are in.
    public ZoneId zone(UserId owner) {
        return accounts.find(owner).flatMap(Account::timeZone).map(ZoneId::of).orElseGet(config::zone);
    }

    /// The zone that a person or the operator has named; empty: nobody has, and [#zone] is this machine's.
    Optional<ZoneId> namedZone(UserId owner) {
        return accounts.find(owner)
                .flatMap(Account::timeZone)
                .or(config::timeZone)
                .map(ZoneId::of);
    }

    /// The language in which a person is told what they did not ask for.
    Language language(UserId owner) {
        return accounts.find(owner).flatMap(Account::language).orElse(Language.EN);
    }

    /// Keeps a zone that a person has named for all their times.
    void rememberZone(UserId owner, ZoneId zone) {
        accounts.rememberTimeZone(owner, zone);
    }

    /// A person's schedules that will run again, the next one first.
    ///
    /// @param limit of those that are looked at
    List<Schedule> ahead(UserId owner, int limit) {
        return store.list(owner, Optional.of(false), true, Optional.empty(), limit).stream()
                .filter(s -> nextRun(s).isPresent())
                .sorted(Comparator.comparing(s -> nextRun(s).orElse(Instant.MAX)))
                .toList();
    }

    /// What schedules go by.
    public Instant now() {
        return now.get();
    }

    /// How late runs of a schedule that says nothing of it are dealt with.
    public Schedule.Rules defaultRules() {
        return new Schedule.Rules(Missed.RUN_ONCE, Schedule.Rules.MISSED_MAX_DEFAULT, config.expectedWithin());
    }

    /// What is wrong with times; empty: they can be used.
    public List<FieldFault> faults(Timing timing) {
        return reader.faults(timing, now.get(), "schedule");
    }

    /// Makes a schedule; an id that is there already stays as it is.
    ///
    /// @throws StewardException `validation_error` for impossible times or too many schedules
    public Schedule create(UUID id, UserId owner, Schedule.Work work, Timing timing, Schedule.Rules rules) {
        return create(id, owner, work, timing, rules, Optional.empty());
    }

    /// @param uid of the calendar entry; the same again gives the schedule that is there
    Schedule create(
            UUID id, UserId owner, Schedule.Work work, Timing timing, Schedule.Rules rules, Optional<String> uid) {
        return transactions.inOne(() -> {
            Instant at = now.get();
            refuse(reader.faults(timing, at, "schedule"));
            room(owner, id);
            Optional<Instant> next = new Occurrences(timing).next(at).map(Occurrence::at);
            boolean made = store.insert(fresh(id, owner, work, timing, rules, next, at), uid);
            if (made) {
                transactions.afterCommit(changed);
            }
            UUID there = made ? id : uid.flatMap(u -> store.byUid(owner, u)).orElse(id);
            return find(owner, there);
        });
    }

    @Override
    public List<FieldFault> faults(UserId owner, TaskSchedule schedule, Optional<Instant> runAt) {
        List<FieldFault> faults = new ArrayList<>();
        Instant at = now.get();
        reader.read(schedule, zone(owner), runAt.orElse(at), at, "schedule", faults);
        return faults;
    }

    /// Reads times that a person wrote.
    ///
    /// @throws StewardException `validation_error` with every fault
    TimingReader.Read read(UserId owner, TaskSchedule schedule, Optional<Instant> runAt) {
        List<FieldFault> faults = new ArrayList<>();
        Instant at = now.get();
        Optional<TimingReader.Read> read = reader.read(schedule, zone(owner), runAt.orElse(at), at, "schedule", faults);
        refuse(faults);
        return read.orElseThrow();
    }

    @Override
    public void open(NewTask first, TaskSchedule schedule) {
        transactions.inOne(() -> {
            UserId owner = first.owner();
            UUID id = first.id().value();
            if (store.find(owner, id).isPresent()) {
                return true;
            }
            room(owner, id);
            TimingReader.Read read = read(owner, schedule, first.runAt());
            Instant at = now.get();
            Instant from = first.runAt().filter(at::isBefore).orElse(at);
            var times = new Occurrences(read.timing());
            // "Not before" includes that very moment.
            Optional<Instant> run = times.next(from.minusMillis(1)).map(Occurrence::at);
            if (run.isEmpty()) {
                throw StewardException.invalid(
                        List.of(new FieldFault("run_at", "never_occurs", "the schedule has no run after it")));
            }
            var work = new Schedule.Work(
                    first.type(), first.priority(), first.description(), first.input(), first.maxRetries());
            Optional<Instant> second = times.next(run.get()).map(Occurrence::at);
            Schedule made = fresh(id, owner, work, read.timing(), read.rules(), second, at);
            if (!store.insert(made, Optional.empty()) || !store.take(made, run.get(), id)) {
                throw StewardException.notFound("task");
            }
            tasks.accept(task(made, first.id(), run.get(), first.correlation()));
            transactions.afterCommit(changed);
            return true;
        });
    }

    @Override
    public Map<TaskId, Membership> of(UserId owner, Collection<TaskId> of) {
        Map<UUID, UUID> known =
                store.schedulesOf(owner, of.stream().map(TaskId::value).toList());
        Map<TaskId, Membership> found = new HashMap<>();
        known.forEach((task, id) -> store.find(owner, id).ifPresent(s -> {
            Timing timing = s.timing();
            found.put(
                    new TaskId(task),
                    new Membership(
                            id,
                            timing.kind() == Timing.Kind.CRON ? timing.expression() : null,
                            timing.kind() == Timing.Kind.RRULE ? timing.expression() : null,
                            timing.zone().getId()));
        }));
        return found;
    }

    /// @throws StewardException `not_found`
    public Schedule find(UserId owner, UUID id) {
        return store.find(owner, id).orElseThrow(() -> StewardException.notFound("schedule"));
    }

    /// The schedule that came from the calendar entry of this UID.
    Optional<UUID> byUid(UserId owner, String uid) {
        return store.byUid(owner, uid);
    }

    /// The schedule of an id, if there is one.
    Optional<Schedule> known(UserId owner, UUID id) {
        return store.find(owner, id);
    }

    /// By the time they were made.
    Page<Schedule> list(
            UserId owner, Optional<Boolean> paused, boolean newestFirst, Optional<Cursor> after, int limit) {
        List<Schedule> rows = store.list(owner, paused, newestFirst, after, limit + 1);
        return Page.of(rows, limit, s -> new Cursor(s.created().toString(), s.id()));
    }

    /// When it runs next, counting the run that has its task already.
    Optional<Instant> nextRun(Schedule schedule) {
        return schedule.paused()
                ? Optional.empty()
                : store.firstAhead(schedule.id(), now.get()).or(schedule::nextAt);
    }

    /// Stops making runs until [#resume]. A run that has its task already but has not begun is taken back.
    ///
    /// @throws StewardException `not_found`
    Schedule pause(UserId owner, UUID id) {
        return transactions.inOne(() -> {
            Schedule schedule = lock(owner, id);
            takeBack(schedule);
            store.update(with(schedule, schedule.work(), schedule.timing(), schedule.rules(), true));
            return find(owner, id);
        });
    }

    /// Goes on with the next run from now; what fell into the pause was not missed.
    ///
    /// @throws StewardException `not_found`; `validation_error` when all its runs are over
    Schedule resume(UserId owner, UUID id) {
        return transactions.inOne(() -> {
            Schedule schedule = lock(owner, id);
            if (schedule.paused()) {
                refuse(reader.faults(schedule.timing(), now.get(), "schedule"));
                store.update(with(schedule, schedule.work(), schedule.timing(), schedule.rules(), false));
                transactions.afterCommit(changed);
            }
            return find(owner, id);
        });
    }

    /// Changes what is given. Runs that have not begun are planned anew.
    ///
    /// @throws StewardException `not_found`, `validation_error`
    Schedule change(UserId owner, UUID id, Schedule.Work work, Timing timing, Schedule.Rules rules) {
        return transactions.inOne(() -> {
            Schedule schedule = lock(owner, id);
            refuse(reader.faults(timing, now.get(), "schedule"));
            takeBack(schedule);
            store.update(with(schedule, work, timing, rules, schedule.paused()));
            transactions.afterCommit(changed);
            return find(owner, id);
        });
    }

    /// Ends it for good. A run that has not begun is taken back; what ran stays in the list of tasks.
    ///
    /// @throws StewardException `not_found`
    void delete(UserId owner, UUID id) {
        transactions.inOne(() -> {
            takeBack(lock(owner, id));
            return store.delete(owner, id);
        });
    }

    /// The runs of a schedule, in either direction.
    List<ScheduleStore.Run> runs(UserId owner, UUID id, boolean latestFirst, Optional<Instant> from, int limit) {
        return store.runs(find(owner, id).id(), latestFirst, from, limit);
    }

    /// The task of one run.
    static NewTask task(Schedule schedule, TaskId id, Instant occurrence, Optional<String> correlation) {
        Schedule.Work work = schedule.work();
        return new NewTask(
                id,
                schedule.owner(),
                work.type(),
                work.priority(),
                work.description(),
                work.input(),
                Optional.of(occurrence),
                Optional.empty(),
                work.maxRetries(),
                correlation.or(() -> Optional.of("schedule:" + schedule.id())));
    }

    TaskId nextTaskId() {
        return new TaskId(ids.next());
    }

    private Schedule lock(UserId owner, UUID id) {
        return store.lock(owner, id).orElseThrow(() -> StewardException.notFound("schedule"));
    }

    private void takeBack(Schedule schedule) {
        store.dropAhead(schedule.id(), now.get()).forEach(task -> tasks.cancel(schedule.owner(), new TaskId(task)));
    }

    private Schedule with(Schedule old, Schedule.Work work, Timing timing, Schedule.Rules rules, boolean paused) {
        Instant at = now.get();
        Optional<Instant> next =
                paused ? Optional.empty() : new Occurrences(timing).next(at).map(Occurrence::at);
        return new Schedule(
                old.id(),
                old.owner(),
                work,
                timing,
                rules,
                paused,
                Optional.empty(),
                next,
                old.missedCount(),
                old.created(),
                at);
    }

    private static Schedule fresh(
            UUID id,
            UserId owner,
            Schedule.Work work,
            Timing timing,
            Schedule.Rules rules,
            Optional<Instant> next,
            Instant at) {
        return new Schedule(id, owner, work, timing, rules, false, Optional.empty(), next, 0, at, at);
    }

    private void room(UserId owner, UUID id) {
        if (store.find(owner, id).isEmpty() && store.count(owner) >= config.perOwnerMax()) {
            throw new StewardException(ErrorCode.VALIDATION_ERROR, Saying.SCHEDULES_MAX.said(config.perOwnerMax()));
        }
    }

    private static void refuse(List<FieldFault> faults) {
        if (!faults.isEmpty()) {
            throw StewardException.invalid(faults);
        }
    }
}
