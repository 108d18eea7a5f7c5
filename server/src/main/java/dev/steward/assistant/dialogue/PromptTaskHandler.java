package dev.steward.assistant.dialogue;

import static java.util.Objects.requireNonNull;

import dev.steward.assistant.agents.Agent;
import dev.steward.assistant.agents.Agents;
import dev.steward.assistant.agents.LiveAgents;
import dev.steward.assistant.input.InputValidator;
import dev.steward.assistant.output.FailureWords;
import dev.steward.base.ErrorCode;
import dev.steward.base.FieldFault;
import dev.steward.base.Permission;
import dev.steward.base.StewardException;
import dev.steward.models.ChatRequest;
import dev.steward.models.ModelException;
import dev.steward.models.ModelRef;
import dev.steward.tasks.TaskAttempt;
import dev.steward.tasks.TaskForm;
import dev.steward.tasks.TaskHandler;
import dev.steward.tasks.TaskPostponedException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/// A question answered in the background, outside of any conversation: `{agent?, message}`; the result is the
/// answer.
final class PromptTaskHandler implements TaskHandler {

    static final String TYPE = "prompt";

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /// Between two tries while no model is there; a model that comes back hurries it.
    private static final Duration WAIT = Duration.ofSeconds(20);

    private final ModelQuestion models;
    private final AgentRouter router;
    private final InputValidator validator;
    private final LiveAgents settings;
    private final ModelWatch watch;
    private final InstantSource clock;

    PromptTaskHandler(
            ModelQuestion models,
            AgentRouter router,
            InputValidator validator,
            LiveAgents settings,
            ModelWatch watch,
            InstantSource clock) {
        this.models = requireNonNull(models, "models");
        this.router = requireNonNull(router, "router");
        this.validator = requireNonNull(validator, "validator");
        this.settings = requireNonNull(settings, "settings");
        this.watch = requireNonNull(watch, "watch");
        this.clock = requireNonNull(clock, "clock");
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Duration timeout() {
        return Duration.ofMinutes(15);
    }

    @Override
    public int concurrencyMax() {
        return 16;
    }

    @Override
    public Optional<TaskForm> form() {
        return Optional.of(new Form(validator));
    }

    @Override
    public String run(TaskAttempt attempt) throws InterruptedException, TaskPostponedException {
        String message = Jsons.field(attempt.input(), "message");
        Optional<Agent> asked = Agents.find(Jsons.field(attempt.input(), "agent"));
        Agent agent = router.route(attempt.owner(), message, asked, Optional.empty(), Optional.empty())
                .agent();
        List<ModelRef> chain = settings.of(agent).models();
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        var window = ContextWindow.build(
                agent, Optional.empty(), List.of(), List.of(), today, message, models.contextTokens(chain));
        var own = settings.of(agent);
        var request = new ChatRequest(
                window.messages(),
                Optional.empty(),
                own.maxTokens().map(OptionalInt::of).orElseGet(OptionalInt::empty),
                own.temperature().map(OptionalDouble::of).orElseGet(OptionalDouble::empty),
                "");
        try {
            return Jsons.text(models.ask(attempt.owner(), agent.breaker(), chain, request, PATIENCE));
        } catch (ModelException e) {
            Failures.Remedy remedy = Failures.remedy(e.kind());
            if (remedy == Failures.Remedy.WAIT) {
                watch.waiting(attempt.task());
                throw new TaskPostponedException(WAIT, "no model: " + e.kind());
            }
            throw remedy == Failures.Remedy.TRY_AGAIN
                    ? e
                    : new StewardException(
                            ErrorCode.INTERNAL_ERROR,
                            FailureWords.failed(e, false).detail(),
                            e);
        }
    }

    private record Form(InputValidator validator) implements TaskForm {

        @Override
        public Permission permission() {
            return Permission.CHAT;
        }

        @Override
        public String accepts() {
            return "{\"message\": text, \"agent\"?: alpha … eta}";
        }

        @Override
        public List<FieldFault> faults(Map<String, Object> input) {
            var rules = new QuestionRules(validator);
            List<FieldFault> faults = new ArrayList<>();
            for (String name : input.keySet()) {
                if (!Set.of("message", "agent").contains(name)) {
                    faults.add(new FieldFault("input." + name, "unknown_field", "known are message and agent"));
                }
            }
            rules.message("input.message", input.get("message"));
            rules.agent("input.agent", Optional.ofNullable(input.get("agent")).map(Object::toString));
            faults.addAll(rules.faults());
            return faults;
        }
    }
}
