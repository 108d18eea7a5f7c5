package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import dev.steward.base.Wording;
import dev.steward.base.Wording.Phrase;
import dev.steward.http.EgressConfig;
import dev.steward.http.EgressException;
import dev.steward.http.EgressPool;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// Tries a model server that is not connected yet, by a way out of its own: its address is trusted for this one
/// look only. Safe for use by many threads.
final class BackendProbe {

    private final EgressConfig egress;
    private final ModelCalls calls;
    private final JsonMapper json;

    BackendProbe(EgressConfig egress, ModelCalls calls, JsonMapper json) {
        this.egress = requireNonNull(egress, "egress");
        this.calls = requireNonNull(calls, "calls");
        this.json = requireNonNull(json, "json");
    }

    /// What a look showed.
    ///
    /// @param answered whether it is a model server of this kind that lets us in
    /// @param models   what it serves, its own order
    /// @param problem  what went wrong and what can be done, for people; empty if nothing did
    /// @param words    what `problem` is made of, for those who say it in another language; empty: in English only
    record Seen(boolean answered, List<String> models, long tookMs, String problem, List<Phrase> words) {

        Seen {
            models = List.copyOf(models);
            words = List.copyOf(words);
        }
    }

    Seen look(Backend backend) throws InterruptedException {
        long began = System.nanoTime();
        try (var pool = new EgressPool(egress)) {
            pool.trust(backend.url());
            List<String> models = new BackendLook(calls.through(pool), json, ModelsSettings.OLLAMA_CONTEXT_TOKENS)
                    .models(backend).stream()
                            .filter(model -> model.purpose() == ServedModel.Purpose.CHAT)
                            .map(model -> model.ref().model())
                            .toList();
            String problem = models.isEmpty() ? Saying.NO_MODEL_CHATS.english() + pull(backend) : "";
            return new Seen(
                    true,
                    models,
                    millisSince(began),
                    problem,
                    Wording.read(problem).phrases());
        } catch (BackendFault fault) {
            String help = help(backend, fault);
            return new Seen(
                    false,
                    List.of(),
                    millisSince(began),
                    "The server at " + backend.url() + " " + fault.reason() + "." + help,
                    Wording.read(backend.url() + " " + fault.reason() + "." + help)
                            .phrases());
        } catch (EgressException e) {
            throw StewardException.invalid("url", "format", Wording.read(String.valueOf(e.getMessage())));
        }
    }

    private static String pull(Backend backend) {
        return backend.kind() == Backend.Kind.OLLAMA ? " " + Saying.OLLAMA_PULL.english() : "";
    }

    /// What most often is behind it.
    private static String help(Backend backend, BackendFault fault) {
        boolean ollama = backend.kind() == Backend.Kind.OLLAMA;
        return switch (fault.kind()) {
            case CONNECTION -> said(ollama ? Saying.OLLAMA_RUNNING : Saying.SERVER_RUNNING);
            case TIMEOUT -> said(Saying.FIREWALL);
            case REFUSED ->
                said(
                        fault.reason().contains("key")
                                ? Saying.CHECK_KEY
                                : ollama ? Saying.OLLAMA_ADDRESS : Saying.OPENAI_ADDRESS);
            case PROTOCOL -> said(ollama ? Saying.OLLAMA_OR_OPENAI : Saying.OPENAI_API);
            case OVERLOADED, BACKEND_ERROR -> said(Saying.TRY_IN_A_MOMENT);
            case MODEL_NOT_AVAILABLE, BREAKER_OPEN, NO_BACKEND, TOO_LONG, PROMPT_TOO_LONG -> "";
        };
    }

    private static String said(Saying help) {
        return " " + help.english();
    }

    private static long millisSince(long began) {
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }
}
