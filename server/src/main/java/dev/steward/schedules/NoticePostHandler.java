package dev.steward.schedules;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;
import dev.steward.http.Egress;
import dev.steward.http.EgressBody;
import dev.steward.http.FetchRequest;
import dev.steward.http.FetchResponse;
import dev.steward.tasks.NewTask;
import dev.steward.tasks.Priority;
import dev.steward.tasks.TaskAttempt;
import dev.steward.tasks.TaskHandler;
import dev.steward.tasks.TaskId;
import dev.steward.tasks.TaskQueue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/// The other channel of notices: where a notice can't be told in its owner's conversation, it is posted to an address
/// that the operator has set, by a durable task of its own. The address stands in the settings only, not in the task,
/// which its owner can read.
///
/// Posted is `{"text", "schedule", "occurrence", "owner"}`, with the task's id as `Idempotency-Key`. Without an address
/// nothing is posted, and the notice stands among the dead letters in the end.
final class NoticePostHandler implements TaskHandler {

    static final String TYPE = "notice_post";

    private static final Duration EXCHANGE_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int CONCURRENCY_MAX = 4;
    private static final int ANSWER_BYTES_MAX = 16 * 1024;
    private static final int RETRIES = 20;

    private final Optional<String> url;
    private final TaskQueue tasks;
    private final Egress egress;
    private final JsonMapper json;

    /// @param url where notices are posted; empty: nowhere
    NoticePostHandler(Optional<String> url, TaskQueue tasks, Egress egress, JsonMapper json) {
        this.url = url;
        this.tasks = requireNonNull(tasks, "tasks");
        this.egress = requireNonNull(egress, "egress");
        this.json = requireNonNull(json, "json");
    }

    /// Has a notice posted that could not be told. However often that is said of the same notice, it is posted once.
    void post(TaskAttempt notice) {
        if (url.isEmpty()) {
            return;
        }
        tasks.accept(new NewTask(
                follower(notice.task()),
                notice.owner(),
                TYPE,
                Priority.HIGH,
                "Tell the operator of a run that went wrong",
                notice.input(),
                Optional.empty(),
                Optional.empty(),
                RETRIES,
                Optional.of(notice.correlation())));
    }

    /// Another id that belongs to this one alone; ids of one process differ in more than the last bit.
    private static TaskId follower(TaskId notice) {
        UUID id = notice.value();
        return new TaskId(new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() ^ 1));
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Duration timeout() {
        return TIMEOUT;
    }

    @Override
    public int concurrencyMax() {
        return CONCURRENCY_MAX;
    }

    @Override
    public String run(TaskAttempt attempt) throws InterruptedException {
        String address = url.orElseThrow(() -> new StewardException(
                ErrorCode.VALIDATION_ERROR, "schedules.notice_url is no longer set, so nobody can be told there."));
        @SuppressWarnings("unchecked")
        Map<String, Object> notice = json.readValue(attempt.input(), Map.class);
        notice.put("owner", attempt.owner().value().toString());
        FetchResponse answer = egress.fetch(new FetchRequest(
                "POST",
                address,
                Map.of(
                        "Content-Type",
                        "application/json",
                        "Idempotency-Key",
                        attempt.task().toString()),
                EgressBody.of(json.writeValueAsString(notice).getBytes(StandardCharsets.UTF_8)),
                EXCHANGE_TIMEOUT,
                ANSWER_BYTES_MAX));
        if (answer.status() / 100 != 2) {
            throw new StewardException(
                    ErrorCode.NETWORK_ERROR, "The address for notices answered with status " + answer.status() + ".");
        }
        return json.writeValueAsString(Map.of("status", answer.status()));
    }
}
