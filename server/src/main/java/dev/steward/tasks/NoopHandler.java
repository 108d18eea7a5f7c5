package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.FieldFault;
import dev.steward.base.Permission;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Tasks of type `noop`: they do nothing, for as long and with as many failures as asked, for drills and
/// benchmarks.
final class NoopHandler implements TaskHandler {

    static final String TYPE = "noop";

    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    private static final long DURATION_MAX_MS = 600_000;
    private static final int FAIL_TIMES_MAX = 1000;
    private static final int CONCURRENCY_MAX = 1000;
    private static final Set<String> FIELDS = Set.of("duration_ms", "fail_times", "kill_worker");
    private static final String NOTHING = "null";

    private final JsonMapper json;
    private final boolean mayKill;
    private final Runnable killer;

    /// @param mayKill whether `kill_worker` is accepted
    /// @param killer  ends this process at once
    NoopHandler(JsonMapper json, boolean mayKill, Runnable killer) {
        this.json = requireNonNull(json, "json");
        this.mayKill = mayKill;
        this.killer = requireNonNull(killer, "killer");
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
        if (attempt.input().equals("{}")) {
            return NOTHING;
        }
        JsonNode input = json.readTree(attempt.input());
        Thread.sleep(Duration.ofMillis(input.path("duration_ms").asLong(0)));
        if (mayKill && input.path("kill_worker").asBoolean(false)) {
            killer.run();
        }
        if (attempt.number() <= input.path("fail_times").asInt(0)) {
            throw new StewardException(ErrorCode.TASK_EXECUTION_FAILED, Saying.FAILED_AS_ASKED.said(attempt.number()));
        }
        return NOTHING;
    }

    @Override
    public Optional<TaskForm> form() {
        return Optional.of(new Form());
    }

    private final class Form implements TaskForm {

        @Override
        public Permission permission() {
            return Permission.OPERATE;
        }

        @Override
        public String accepts() {
            return "{\"duration_ms\"?: 0 to " + DURATION_MAX_MS + ", \"fail_times\"?: 0 to " + FAIL_TIMES_MAX
                    + ", \"kill_worker\"?: true or false}";
        }

        @Override
        public List<FieldFault> faults(Map<String, Object> input) {
            List<FieldFault> faults = new ArrayList<>();
            input.keySet().stream()
                    .filter(f -> !FIELDS.contains(f))
                    .forEach(f -> faults.add(new FieldFault(
                            "input." + f, "unknown_field", "a noop takes duration_ms, fail_times and kill_worker")));
            wholeNumber(input, "duration_ms", DURATION_MAX_MS, faults);
            wholeNumber(input, "fail_times", FAIL_TIMES_MAX, faults);
            Object kill = input.get("kill_worker");
            if (kill != null && !(kill instanceof Boolean)) {
                faults.add(new FieldFault("input.kill_worker", "type", "must be true or false"));
            } else if (Boolean.TRUE.equals(kill) && !mayKill) {
                faults.add(new FieldFault(
                        "input.kill_worker",
                        "not_enabled",
                        "needs the setting tasks.drills to be true; or leave it out"));
            }
            return faults;
        }

        private void wholeNumber(Map<String, Object> input, String field, long max, List<FieldFault> faults) {
            Object value = input.get(field);
            boolean passes = value == null
                    || ((value instanceof Integer || value instanceof Long)
                            && ((Number) value).longValue() >= 0
                            && ((Number) value).longValue() <= max);
            if (!passes) {
                faults.add(new FieldFault("input." + field, "range", "must be a whole number from 0 to " + max));
            }
        }
    }
}
