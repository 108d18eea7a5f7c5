package dev.steward.assistant.dialogue;

import dev.steward.assistant.input.InputFlag;
import dev.steward.assistant.output.FailureWords.Told;
import dev.steward.conversations.TurnId;
import dev.steward.telemetry.Correlation;
import dev.steward.web.Problem;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/// The JSON that the dialogue stores.
final class Jsons {

    private static final JsonMapper WIRE = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private Jsons() {}

    /// The input of a task that is about one turn.
    static String turnInput(TurnId turn) {
        return WIRE.writeValueAsString(Map.of("turn_id", turn.toString()));
    }

    /// @throws IllegalArgumentException if it is not what [#turnInput] wrote
    static TurnId turnOf(String input) {
        return new TurnId(UUID.fromString(WIRE.readTree(input).path("turn_id").asString("")));
    }

    /// The problem document of a turn that failed, in words for the person who asked.
    ///
    /// @param otherwise stands for the id of the request where this thread works for none
    static String problem(Told told, TurnId turn, String otherwise) {
        String request = Correlation.current(Correlation.Id.REQUEST).orElse(otherwise);
        return WIRE.writeValueAsString(
                Problem.of(told.failure(), "/api/v1/turns/" + turn, request).inWords(told.title(), told.help()));
    }

    /// What deserves a look in a message: `[{"kind", "score", "spans": [{"from", "to"}]}]`.
    static String flags(List<InputFlag> flags) {
        return WIRE.writeValueAsString(flags.stream()
                .map(flag -> Map.of("kind", flag.kind().wire(), "score", flag.score(), "spans", flag.spans()))
                .toList());
    }

    static String object(Map<String, ?> values) {
        return WIRE.writeValueAsString(values);
    }

    static String text(String value) {
        return WIRE.writeValueAsString(value);
    }

    /// A text field of a JSON object; empty when it isn't there.
    static String field(String object, String name) {
        return WIRE.readTree(object).path(name).asString("");
    }
}
