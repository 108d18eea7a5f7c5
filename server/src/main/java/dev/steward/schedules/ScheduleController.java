package dev.steward.schedules;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Cursor;
import dev.steward.base.FieldFault;
import dev.steward.base.Language;
import dev.steward.base.Page;
import dev.steward.base.Permission;
import dev.steward.base.Principal;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import dev.steward.tasks.NewTask;
import dev.steward.tasks.TaskHandler;
import dev.steward.tasks.TaskSchedule;
import dev.steward.web.Endpoint;
import dev.steward.web.Endpoint.Idempotency;
import dev.steward.web.Endpoint.RateClass;
import dev.steward.web.Listing;
import dev.steward.web.PageRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One's own schedules. They are made by `POST /tasks` with a `schedule`, by a sentence, or from a calendar.
@RestController
@RequestMapping("/api/v1/schedules")
final class ScheduleController {

    private static final int DESCRIPTION_MAX = 500;
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private final Schedules schedules;
    private final Function<String, Optional<TaskHandler>> handlers;
    private final JsonMapper json;

    /// @param handlers finds a handler by its type
    ScheduleController(Schedules schedules, Function<String, Optional<TaskHandler>> handlers, JsonMapper json) {
        this.schedules = requireNonNull(schedules, "schedules");
        this.handlers = requireNonNull(handlers, "handlers");
        this.json = requireNonNull(json, "json");
    }

    /// What times would come to.
    record PreviewRequest(TaskSchedule schedule) {}

    /// What to change; what is left out stays.
    ///
    /// @param once for a schedule that runs once: its new local time
    record Change(
            @Schema(maxLength = DESCRIPTION_MAX) @Nullable String description,
            @Nullable JsonNode input,
            @Nullable TaskSchedule schedule,
            @Nullable LocalDateTime once) {}

    /// One run on the wire.
    ///
    /// @param outcome `completed`, `nothing` (it ran and produced nothing), `failed`, `cancelled`, `removed`;
    ///     null: not over
    /// @param toldAt  when its owner was told that it did not go as expected
    record RunView(
            Instant at,
            UUID taskId,
            Instant expectedBy,
            @Nullable String outcome,
            @Nullable Instant toldAt) {}

    @GetMapping
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    @Operation(summary = "Your schedules, newest first")
    Page<ScheduleView> list(
            Principal caller,
            @Listing(sorts = "-created", filters = "paused") PageRequest page,
            @RequestHeader(name = HttpHeaders.ACCEPT_LANGUAGE, required = false) @Nullable String accepted) {
        Language language = language(caller, accepted);
        Page<Schedule> found = schedules.list(
                caller.user(),
                page.filter("paused").map(ScheduleController::flag),
                page.descending(),
                page.cursor().map(ScheduleController::checked),
                page.limit());
        return new Page<>(found.items().stream().map(s -> view(s, language)).toList(), found.nextCursor());
    }

    @GetMapping("/{id}")
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    @Operation(summary = "One schedule with its next five runs")
    ScheduleView find(
            Principal caller,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.ACCEPT_LANGUAGE, required = false) @Nullable String accepted) {
        return view(schedules.find(caller.user(), id), language(caller, accepted));
    }

    @GetMapping("/{id}/runs")
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    @Operation(summary = "The runs of a schedule, latest first, and what became of them")
    Page<RunView> runs(Principal caller, @PathVariable UUID id, @Listing(sorts = "-at") PageRequest page) {
        Optional<Instant> before = page.cursor().map(ScheduleController::time);
        List<ScheduleStore.Run> rows = schedules.runs(caller.user(), id, page.descending(), before, page.limit() + 1);
        Page<ScheduleStore.Run> found =
                Page.of(rows, page.limit(), r -> new Cursor(r.occurrence().toString(), r.task()));
        return new Page<>(
                found.items().stream()
                        .map(r -> new RunView(
                                r.occurrence(),
                                r.task(),
                                r.expectedBy(),
                                r.outcome().orElse(null),
                                r.told().orElse(null)))
                        .toList(),
                found.nextCursor());
    }

    /// The words, the next five runs and what changes of the clocks do, without making anything.
    @PostMapping("/preview")
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.NATURAL)
    @Operation(summary = "What a schedule would come to")
    ScheduleView.Preview preview(
            Principal caller,
            @RequestBody PreviewRequest body,
            @RequestHeader(name = HttpHeaders.ACCEPT_LANGUAGE, required = false) @Nullable String accepted) {
        TimingReader.Read read = schedules.read(caller.user(), body.schedule(), Optional.empty());
        return ScheduleView.Preview.of(read.timing(), schedules.now(), language(caller, accepted));
    }

    @PatchMapping("/{id}")
    @Endpoint(permission = Permission.CHAT, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    @Operation(summary = "Change a schedule; runs that have not begun are planned anew")
    ScheduleView change(
            Principal caller,
            @PathVariable UUID id,
            @RequestBody Change body,
            @RequestHeader(name = HttpHeaders.ACCEPT_LANGUAGE, required = false) @Nullable String accepted) {
        Schedule old = schedules.find(caller.user(), id);
        Timing timing = old.timing();
        Schedule.Rules rules = old.rules();
        if (body.schedule() != null) {
            TimingReader.Read read = schedules.read(caller.user(), merged(old, body.schedule()), Optional.empty());
            timing = read.timing();
            rules = read.rules();
        }
        if (body.once() != null) {
            if (body.schedule() != null) {
                throw fault("once", "one_of", "give either schedule or once");
            }
            timing = Timing.once(body.once(), timing.zone());
        }
        Schedule.Work work = work(old.work(), body);
        return view(schedules.change(caller.user(), id, work, timing, rules), language(caller, accepted));
    }

    @PostMapping("/{id}/pause")
    @Endpoint(permission = Permission.CHAT, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    @Operation(summary = "Pause a schedule; what falls into the pause is not made up for")
    ScheduleView pause(
            Principal caller,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.ACCEPT_LANGUAGE, required = false) @Nullable String accepted) {
        return view(schedules.pause(caller.user(), id), language(caller, accepted));
    }

    @PostMapping("/{id}/resume")
    @Endpoint(permission = Permission.CHAT, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    @Operation(summary = "Go on with a paused schedule")
    ScheduleView resume(
            Principal caller,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.ACCEPT_LANGUAGE, required = false) @Nullable String accepted) {
        return view(schedules.resume(caller.user(), id), language(caller, accepted));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Endpoint(permission = Permission.CHAT, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    @Operation(summary = "End a schedule for good")
    void delete(Principal caller, @PathVariable UUID id) {
        schedules.delete(caller.user(), id);
    }

    /// What the request asks for, else what the account says.
    private Language language(Principal caller, @Nullable String accepted) {
        return Optional.ofNullable(accepted)
                .flatMap(Language::accepted)
                .orElseGet(() -> schedules.language(caller.user()));
    }

    private ScheduleView view(Schedule schedule, Language language) {
        return ScheduleView.of(schedule, schedules.nextRun(schedule).orElse(null), schedules.now(), language, json);
    }

    /// What a change leaves out stays as it was, the rule itself included.
    private static TaskSchedule merged(Schedule old, TaskSchedule given) {
        Timing timing = old.timing();
        boolean rule = given.cron() != null || given.rrule() != null;
        boolean cron = timing.kind() == Timing.Kind.CRON;
        return new TaskSchedule(
                rule ? given.cron() : cron ? timing.expression() : null,
                rule ? given.rrule() : cron ? null : timing.expression(),
                given.timeZone() != null ? given.timeZone() : timing.zone().getId(),
                given.starts() != null ? given.starts() : timing.starts(),
                given.except() != null ? given.except() : List.copyOf(timing.except()),
                given.missed() != null ? given.missed() : old.rules().missed().wire(),
                given.missedMax() != null
                        ? given.missedMax()
                        : Integer.valueOf(old.rules().missedMax()),
                given.expectedWithinMs() != null
                        ? given.expectedWithinMs()
                        : Long.valueOf(old.rules().expectedWithin().toMillis()));
    }

    private Schedule.Work work(Schedule.Work old, Change change) {
        List<FieldFault> faults = new ArrayList<>();
        String input = old.input();
        JsonNode given = change.input();
        if (given != null) {
            input = json.writeValueAsString(given);
            if (!given.isObject()) {
                faults.add(new FieldFault("input", "type", Saying.JSON_OBJECT.said()));
            } else if (input.getBytes(StandardCharsets.UTF_8).length > NewTask.INPUT_BYTES_MAX) {
                faults.add(new FieldFault("input", "length", Saying.AT_MOST_JSON_BYTES.said(NewTask.INPUT_BYTES_MAX)));
            } else {
                Map<String, Object> fields = json.readValue(input, OBJECT);
                handlers.apply(old.type())
                        .flatMap(TaskHandler::form)
                        .ifPresentOrElse(
                                form -> faults.addAll(form.faults(fields)),
                                () -> faults.add(new FieldFault(
                                        "input", "fixed", "of tasks of type " + old.type() + " can't be changed")));
            }
        }
        String description = change.description() == null ? old.description() : change.description();
        if (description.length() > DESCRIPTION_MAX || description.chars().anyMatch(Character::isISOControl)) {
            faults.add(new FieldFault(
                    "description", "length", "must have at most " + DESCRIPTION_MAX + " characters, none for control"));
        }
        if (!faults.isEmpty()) {
            throw StewardException.invalid(faults);
        }
        return new Schedule.Work(old.type(), old.priority(), description, input, old.maxRetries());
    }

    private static boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw fault("paused", "one_of", "must be true or false");
        };
    }

    private static Cursor checked(Cursor cursor) {
        time(cursor);
        return cursor;
    }

    private static Instant time(Cursor cursor) {
        try {
            return Instant.parse(cursor.key());
        } catch (DateTimeParseException _) {
            throw fault("cursor", "format", "use the next_cursor of the page before, unchanged, or leave it out");
        }
    }

    private static StewardException fault(String field, String rule, String message) {
        return StewardException.invalid(List.of(new FieldFault(field, rule, message)));
    }
}
