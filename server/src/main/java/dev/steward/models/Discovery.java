package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Secret;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which backends there are when nobody named any: Ollama on this machine, then the key of the environment (CHAT-15).
///
/// @param configured whether the operator named the backends
/// @param backends   first choice first
/// @param wanted     the model that the environment asks for, of the backend [#OPENAI]
record Discovery(boolean configured, List<Backend> backends, Optional<String> wanted) {

    static final String OLLAMA = "ollama";
    static final String OPENAI = "openai";

    private static final URI OLLAMA_URL = URI.create("http://127.0.0.1:11434");
    private static final String OPENAI_URL = "https://api.openai.com/v1";

    /// Good value first; only for a server that lists dozens of models of all kinds without a word on what they are.
    private static final List<String> PREFERRED = List.of("gpt-5-mini", "gpt-4.1-mini", "gpt-4o-mini");

    Discovery {
        backends = List.copyOf(backends);
        requireNonNull(wanted, "wanted");
    }

    /// @param environment the process's variables: `OPENAI_API_KEY`, `OPENAI_BASE_URL`, `OPENAI_MODEL`
    static Discovery of(BackendsSettings settings, Map<String, String> environment) {
        if (!settings.backends().isEmpty()) {
            return new Discovery(
                    true,
                    settings.backends().stream()
                            .map(BackendsSettings.Entry::toBackend)
                            .toList(),
                    Optional.empty());
        }
        List<Backend> found = new ArrayList<>();
        found.add(entry(OLLAMA, Backend.Kind.OLLAMA, OLLAMA_URL, Optional.empty()));
        String key = environment.getOrDefault("OPENAI_API_KEY", "");
        if (!key.isBlank()) {
            URI url = URI.create(environment.getOrDefault("OPENAI_BASE_URL", OPENAI_URL));
            found.add(entry(OPENAI, Backend.Kind.OPENAI, url, Optional.of(new Secret(key.strip()))));
        }
        return new Discovery(
                false,
                found,
                Optional.ofNullable(environment.get("OPENAI_MODEL")).filter(name -> !name.isBlank()));
    }

    private static Backend entry(String name, Backend.Kind kind, URI url, Optional<Secret> key) {
        return new BackendsSettings.Entry(name, kind, url, key, Optional.empty(), Optional.empty()).toBackend();
    }

    /// The model to ask of a backend when nobody said which.
    Optional<ModelRef> preferred(Backend backend, List<ServedModel> served) {
        if (!configured && backend.name().equals(OPENAI) && wanted.isPresent()) {
            return wanted.map(model -> new ModelRef(OPENAI, model));
        }
        Optional<ModelRef> known = served.stream()
                .map(ServedModel::ref)
                .filter(ref -> PREFERRED.contains(ref.model()))
                .min(Comparator.comparingInt(ref -> PREFERRED.indexOf(ref.model())));
        return known.or(() -> served.stream().map(ServedModel::ref).findFirst());
    }
}
