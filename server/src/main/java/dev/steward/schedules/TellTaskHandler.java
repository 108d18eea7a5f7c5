package dev.steward.schedules;

import static java.util.Objects.requireNonNull;

import dev.steward.base.FieldFault;
import dev.steward.base.InputRules;
import dev.steward.base.Permission;
import dev.steward.base.Saying;
import dev.steward.conversations.Turn;
import dev.steward.database.DatabaseErrors;
import dev.steward.tasks.TaskAttempt;
import dev.steward.tasks.TaskForm;
import dev.steward.tasks.TaskHandler;
import dev.steward.tasks.TaskPostponedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Tasks that tell a person something: `reminder`, which people make, and `notice`, by which the watchdog tells
/// of runs that did not happen. Both go the same durable way: what was told once is not told again, however
/// often it is tried.
final class TellTaskHandler implements TaskHandler {

    static final String REMINDER = "reminder";
    static final String NOTICE = "notice";

    static final int TEXT_MAX = 4_000;

    /// The one channel there is; more come with the room that has them.
    static final String CONVERSATION = "conversation";

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int CONCURRENCY_MAX = 64;

    private final String type;
    private final String sign;
    private final Reminders reminders;
    private final Optional<InputRules> rules;
    private final Optional<NoticePostHandler> other;
    private final TellingTurns turns = new TellingTurns();
    private final JsonMapper json;

    private TellTaskHandler(
            String type,
            String sign,
            Reminders reminders,
            Optional<InputRules> rules,
            Optional<NoticePostHandler> other,
            JsonMapper json) {
        this.type = type;
        this.sign = sign;
        this.reminders = requireNonNull(reminders, "reminders");
        this.rules = rules;
        this.other = other;
        this.json = requireNonNull(json, "json");
    }

    static TellTaskHandler reminders(Reminders reminders, InputRules rules, JsonMapper json) {
        return new TellTaskHandler(REMINDER, "⏰ ", reminders, Optional.of(rules), Optional.empty(), json);
    }

    /// @param other the channel of those that can't be told in the conversation
    static TellTaskHandler notices(Reminders reminders, NoticePostHandler other, JsonMapper json) {
        return new TellTaskHandler(NOTICE, "⚠ ", reminders, Optional.empty(), Optional.of(other), json);
    }

    @Override
    public String type() {
        return type;
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
    public String run(TaskAttempt attempt) throws TaskPostponedException, InterruptedException {
        JsonNode input = json.readTree(attempt.input());
        Turn told = tell(attempt, sign + input.path("text").asString());
        return json.writeValueAsString(Map.of(
                "conversation_id", told.conversation().toString(),
                "turn_id", told.id().toString()));
    }

    private Turn tell(TaskAttempt attempt, String text) throws TaskPostponedException, InterruptedException {
        try (var _ = turns.take(attempt.owner())) {
            return reminders.tell(attempt.owner(), attempt.task(), text);
        } catch (RuntimeException e) {
            // Without the database the other channel is none either: both ways begin there. This one is tried again.
            if (DatabaseErrors.unavailable(e).isEmpty() && !DatabaseErrors.passing(e)) {
                other.ifPresent(channel -> channel.post(attempt));
            }
            throw e;
        }
    }

    @Override
    public Optional<TaskForm> form() {
        return rules.map(Form::new);
    }

    private record Form(InputRules rules) implements TaskForm {

        @Override
        public Permission permission() {
            return Permission.CHAT;
        }

        @Override
        public String accepts() {
            return "{\"text\": text, \"channels\"?: [\"conversation\"]}";
        }

        @Override
        public List<FieldFault> faults(Map<String, Object> input) {
            List<FieldFault> faults = new ArrayList<>();
            for (String name : input.keySet()) {
                if (!List.of("text", "channels").contains(name)) {
                    faults.add(new FieldFault("input." + name, "unknown_field", "known are text and channels"));
                }
            }
            if (input.get("text") instanceof String text && !text.isBlank()) {
                faults.addAll(rules.textFaults("input.text", text, TEXT_MAX));
            } else {
                faults.add(new FieldFault("input.text", "required", Saying.MUST_NOT_BE_BLANK.said()));
            }
            Object channels = input.get("channels");
            boolean known = channels == null
                    || (channels instanceof List<?> list
                            && !list.isEmpty()
                            && list.stream().allMatch(CONVERSATION::equals));
            if (!known) {
                faults.add(new FieldFault("input.channels", "one_of", "must be [\"conversation\"], or left out"));
            }
            return faults;
        }
    }
}
