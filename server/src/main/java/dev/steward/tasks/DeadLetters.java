package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.FieldFault;
import dev.steward.base.Permission;
import dev.steward.base.Principal;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Sends dead letters back and dismisses them: one's own, or for operators anybody's.
final class DeadLetters {

    static final int REASON_MAX = 500;

    /// Dead letters that one request sends back.
    static final int BULK_MAX = 10_000;

    /// Dead letters that one request names.
    static final int IDS_MAX = 1000;

    /// What failed together is not to come back together.
    private static final double RATE_DEFAULT = 100;

    private static final double RATE_MAX = 10_000;

    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private final DeadLetterStore store;
    private final TaskHandlers handlers;
    private final TaskEngine engine;
    private final TaskListStore list;
    private final TasksConfig config;
    private final JsonMapper json;

    DeadLetters(
            DeadLetterStore store,
            TaskHandlers handlers,
            TaskEngine engine,
            TaskListStore list,
            TasksConfig config,
            JsonMapper json) {
        this.store = requireNonNull(store, "store");
        this.handlers = requireNonNull(handlers, "handlers");
        this.engine = requireNonNull(engine, "engine");
        this.list = requireNonNull(list, "list");
        this.config = requireNonNull(config, "config");
        this.json = requireNonNull(json, "json");
    }

    /// Body of `POST /dlq/{id}/retry`.
    ///
    /// @param input  replaces the task's input, which is kept in its history
    /// @param reason why, for whoever looks later
    record Retry(@Nullable JsonNode input, @Nullable String reason) {}

    /// Body of `POST /dlq/retry`: either a fingerprint or ids.
    ///
    /// @param fingerprint   all of this cause
    /// @param ids           these, at most [#IDS_MAX]
    /// @param ratePerSecond how many become due in a second; left out: [#RATE_DEFAULT]
    /// @param dryRun        only tells how many it would be
    record BulkRetry(
            @Nullable String fingerprint,

            @Schema(maxLength = IDS_MAX) @Nullable List<UUID> ids,

            @Nullable Double ratePerSecond,
            @Nullable Boolean dryRun,
            @Nullable String reason) {}

    /// @param matched       dead letters that may be sent back
    /// @param replayed      how many were; 0 in a dry run. Those whose unique key waits or runs already stay.
    /// @param ratePerSecond how many become due in a second
    record BulkRetried(long matched, long replayed, boolean dryRun, double ratePerSecond) {}

    /// Body of `POST /dlq/dismiss`.
    ///
    /// @param dryRun only tells how many it would be
    record BulkDismiss(String fingerprint, @Nullable Boolean dryRun) {}

    /// @param matched   dead letters of the fingerprint
    /// @param dismissed how many were taken off the list; 0 in a dry run
    /// @param waiting   how many tasks waited for one of them, and are cancelled with it
    record BulkDismissed(long matched, long dismissed, boolean dryRun, long waiting) {}

    /// Whose dead letters the caller sees; empty: everybody's.
    static Optional<UserId> scope(Principal caller) {
        return caller.may(Permission.OPERATE) ? Optional.empty() : Optional.of(caller.user());
    }

    Task find(Principal caller, TaskId id) {
        return store.find(scope(caller), id).orElseThrow(() -> StewardException.notFound("dead letter"));
    }

    /// Sends one back to wait, as if it had never failed.
    Task retry(Principal caller, TaskId id, Retry request) {
        Task dead = find(caller, id);
        List<FieldFault> faults = new ArrayList<>();
        reason(request.reason(), faults);
        Optional<String> input = input(dead, request.input(), faults);
        if (!faults.isEmpty()) {
            throw StewardException.invalid(faults);
        }
        if (dead.replays() >= config.deadLetters().retryLimit()) {
            throw new StewardException(
                    ErrorCode.INVALID_INPUT,
                    409,
                    Saying.REPLAYED_TOO_OFTEN.said(dead.replays()),
                    null,
                    List.of(),
                    null);
        }
        int replayed = sendBack(replay(
                caller,
                List.of(id),
                Optional.empty(),
                input,
                Optional.ofNullable(request.reason()).orElse(""),
                0,
                1));
        if (replayed == 0) {
            throw StewardException.notFound("dead letter"); // Somebody else was faster.
        }
        engine.hint(config.deadLetters().backoff());
        return list.find(dead.owner(), id).orElseThrow(() -> StewardException.notFound("task"));
    }

    /// Sends back all of one fingerprint, or those that are named.
    BulkRetried retryAll(Principal caller, BulkRetry request) {
        List<FieldFault> faults = new ArrayList<>();
        reason(request.reason(), faults);
        Optional<String> fingerprint = Optional.ofNullable(request.fingerprint());
        List<TaskId> ids = request.ids() == null
                ? List.of()
                : request.ids().stream().distinct().map(TaskId::new).toList();
        if (ids.isEmpty() == fingerprint.isEmpty()) {
            faults.add(new FieldFault("fingerprint", "one_of", "give either a fingerprint or ids"));
        }
        if (ids.size() > IDS_MAX) {
            faults.add(new FieldFault("ids", "length", "must be at most " + IDS_MAX));
        }
        double rate = request.ratePerSecond() == null ? RATE_DEFAULT : request.ratePerSecond();
        if (!(rate > 0 && rate <= RATE_MAX)) {
            faults.add(new FieldFault("rate_per_second", "range", "must be more than 0, at most " + (int) RATE_MAX));
        }
        if (!faults.isEmpty()) {
            throw StewardException.invalid(faults);
        }
        boolean dryRun = Boolean.TRUE.equals(request.dryRun());
        long matched = store.count(
                scope(caller), ids, fingerprint, config.deadLetters().retryLimit());
        if (dryRun || matched == 0) {
            return new BulkRetried(matched, 0, dryRun, rate);
        }
        int replayed = sendBack(replay(
                caller,
                ids,
                fingerprint,
                Optional.empty(),
                Optional.ofNullable(request.reason()).orElse(""),
                rate,
                BULK_MAX));
        engine.released(TaskStore.EVERY_TYPE);
        return new BulkRetried(matched, replayed, false, rate);
    }

    private int sendBack(DeadLetterStore.Replay replay) {
        return engine.inOne(() -> {
            store.lockLinked(replay.owner(), replay.ids(), replay.fingerprint());
            return store.replay(replay);
        });
    }

    /// Takes one off the list; its task stays readable as failed.
    void dismiss(Principal caller, TaskId id) {
        if (dismiss(scope(caller), List.of(id), Optional.empty()) == 0) {
            throw StewardException.notFound("dead letter");
        }
    }

    /// Takes all of one fingerprint off the list.
    BulkDismissed dismissAll(Principal caller, BulkDismiss request) {
        boolean dryRun = Boolean.TRUE.equals(request.dryRun());
        Optional<String> fingerprint = Optional.of(request.fingerprint());
        long matched = store.count(scope(caller), List.of(), fingerprint, Integer.MAX_VALUE);
        long waiting = store.countWaiting(scope(caller), List.of(), fingerprint);
        long dismissed = dryRun ? 0 : dismiss(scope(caller), List.of(), fingerprint);
        return new BulkDismissed(matched, dismissed, dryRun, waiting);
    }

    private long dismiss(Optional<UserId> owner, List<TaskId> ids, Optional<String> fingerprint) {
        return engine.dismiss(() -> {
            store.lockLinked(owner, ids, fingerprint);
            return store.dismiss(owner, ids, fingerprint);
        });
    }

    List<DeadLetterStore.CauseView> causes(Principal caller) {
        return store.causes(scope(caller));
    }

    private DeadLetterStore.Replay replay(
            Principal caller,
            List<TaskId> ids,
            Optional<String> fingerprint,
            Optional<String> input,
            String reason,
            double perSecond,
            int max) {
        return new DeadLetterStore.Replay(
                scope(caller),
                ids,
                fingerprint,
                input,
                caller.user().value(),
                reason,
                config.deadLetters().retryLimit(),
                perSecond,
                config.deadLetters().backoff(),
                max);
    }

    private Optional<String> input(Task dead, @Nullable JsonNode given, List<FieldFault> faults) {
        if (given == null || given.isNull()) {
            return Optional.empty();
        }
        Optional<TaskForm> form = handlers.find(dead.type()).flatMap(TaskHandler::form);
        if (form.isEmpty()) {
            faults.add(new FieldFault("input", "not_editable", Saying.INPUT_FIXED.said(dead.type())));
            return Optional.empty();
        }
        if (!given.isObject()) {
            faults.add(new FieldFault("input", "type", Saying.JSON_OBJECT.said()));
            return Optional.empty();
        }
        String text = json.writeValueAsString(given);
        if (text.getBytes(StandardCharsets.UTF_8).length > NewTask.INPUT_BYTES_MAX || text.contains("\\u0000")) {
            faults.add(
                    new FieldFault("input", "length", Saying.AT_MOST_PLAIN_JSON_BYTES.said(NewTask.INPUT_BYTES_MAX)));
            return Optional.empty();
        }
        faults.addAll(form.get().faults(json.readValue(text, OBJECT)));
        return Optional.of(text);
    }

    private static void reason(@Nullable String given, List<FieldFault> faults) {
        if (given != null && (given.length() > REASON_MAX || given.chars().anyMatch(Character::isISOControl))) {
            faults.add(new FieldFault("reason", "length", Saying.AT_MOST_CHARACTERS_ON_ONE_LINE.said(REASON_MAX)));
        }
    }
}
