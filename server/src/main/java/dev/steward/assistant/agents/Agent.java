package dev.steward.assistant.agents;

import static java.util.Objects.requireNonNull;

/// One of the seven specialists.
///
/// @param name    lower case, as in the HTTP contract, such as `alpha`
/// @param title   what it is, for people
/// @param purpose when to choose it, one sentence, for people and for the model that routes
/// @param persona the system prompt: short, and the same for every call, so that backends can keep it in their
///                prefix
///                cache
public record Agent(String name, String title, String purpose, String persona) {

    /// Words of a persona. A small model on a CPU reads about 50 tokens a second, and must read all of this
    /// first.
    public static final int PERSONA_WORDS_MAX = 120;

    public Agent {
        requireNonNull(name, "name");
        requireNonNull(title, "title");
        requireNonNull(purpose, "purpose");
        requireNonNull(persona, "persona");
        if (persona.split("\\s+").length > PERSONA_WORDS_MAX) {
            throw new IllegalArgumentException(
                    "the persona of " + name + " is longer than " + PERSONA_WORDS_MAX + " words");
        }
    }

    /// The breaker that guards its model calls beside the backend's own, such as `ollama_alpha`.
    public String breaker() {
        return "ollama_" + name;
    }

    /// The name as people write it, such as `Alpha`.
    public String displayName() {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }
}
