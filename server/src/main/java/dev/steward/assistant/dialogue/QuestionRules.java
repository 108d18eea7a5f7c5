package dev.steward.assistant.dialogue;

import static java.util.Objects.requireNonNull;

import dev.steward.assistant.agents.Agents;
import dev.steward.assistant.input.InputFlag;
import dev.steward.assistant.input.InputValidator;
import dev.steward.assistant.input.TextCheck;
import dev.steward.base.FieldFault;
import dev.steward.base.NameCheck;
import dev.steward.base.StewardException;
import dev.steward.models.ModelRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Checks the fields of one request, and collects everything that is wrong with them. Used by one thread, once.
final class QuestionRules {

    /// Longest name of a model, in characters: long enough for every file name that a backend serves.
    static final int MODEL_CHARS_MAX = 300;

    private final InputValidator validator;
    private final List<FieldFault> faults = new ArrayList<>();

    QuestionRules(InputValidator validator) {
        this.validator = requireNonNull(validator, "validator");
    }

    /// A message to the assistant.
    ///
    /// @return what deserves a look in it
    List<InputFlag> message(String field, @Nullable Object message) {
        return switch (validator.message(field, message)) {
            case TextCheck.Accepted accepted -> accepted.flags();
            case TextCheck.Refused(List<FieldFault> wrong) -> {
                faults.addAll(wrong);
                yield List.of();
            }
        };
    }

    /// @return the title as it is kept
    Optional<String> title(Optional<String> title) {
        return title.map(text -> switch (validator.title("title", text)) {
            case NameCheck.Accepted(String name) -> name;
            case NameCheck.Refused(List<FieldFault> wrong) -> {
                faults.addAll(wrong);
                yield "";
            }
        });
    }

    /// @return the agent's own name
    Optional<String> agent(String field, Optional<String> agent) {
        return agent.flatMap(name -> {
            var known = Agents.find(name);
            if (known.isEmpty()) {
                faults.add(new FieldFault(
                        field, "unknown_agent", "name one of alpha, beta, gamma, delta, epsilon, zeta, eta"));
            }
            return known.map(a -> a.name());
        });
    }

    void model(Optional<String> model) {
        model.ifPresent(text -> {
            faults.addAll(validator.textFaults("model", text, MODEL_CHARS_MAX));
            try {
                ModelRef.parse(text);
            } catch (IllegalArgumentException _) {
                faults.add(
                        new FieldFault("model", "format", "write a model as backend/model, as GET /models lists them"));
            }
        });
    }

    List<FieldFault> faults() {
        return List.copyOf(faults);
    }

    /// @throws StewardException `validation_error` with every fault, if there is one
    void refuseFaults() {
        if (!faults.isEmpty()) {
            throw StewardException.invalid(faults);
        }
    }
}
