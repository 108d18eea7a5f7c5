package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.base.FieldFault;
import dev.steward.base.StewardException;
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
    record Seen(boolean answered, List<String> models, long tookMs, String problem) {

        Seen {
            models = List.copyOf(models);
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
            String problem = models.isEmpty() ? "The server answers, but it has no model that can chat." : "";
            return new Seen(true, models, millisSince(began), problem + (models.isEmpty() ? pull(backend) : ""));
        } catch (BackendFault fault) {
            return new Seen(
                    false,
                    List.of(),
                    millisSince(began),
                    "The server at " + backend.url() + " " + fault.reason() + "." + help(backend, fault));
        } catch (EgressException e) {
            throw StewardException.invalid(List.of(new FieldFault("url", "format", String.valueOf(e.getMessage()))));
        }
    }

    private static String pull(Backend backend) {
        return backend.kind() == Backend.Kind.OLLAMA ? " Get one there with: ollama pull llama3.2" : "";
    }

    /// What most often is behind it.
    private static String help(Backend backend, BackendFault fault) {
        boolean ollama = backend.kind() == Backend.Kind.OLLAMA;
        return switch (fault.kind()) {
            case CONNECTION ->
                ollama
                        ? " Is Ollama running there (ollama serve), and does it listen on more than its own machine?"
                        : " Check the address, and whether the server runs.";
            case TIMEOUT -> " Check the address, and whether a firewall lies between.";
            case REFUSED ->
                fault.reason().contains("key")
                        ? " Check the key."
                        : ollama
                                ? " Is this Ollama? Its address is most often http://host:11434."
                                : " Check the address; it most often ends in /v1.";
            case PROTOCOL ->
                ollama
                        ? " Is this Ollama? Another server may want the kind OpenAI-compatible."
                        : " Is this an OpenAI-compatible API? Its address most often ends in /v1.";
            case OVERLOADED, BACKEND_ERROR -> " Try again in a moment.";
            case MODEL_NOT_AVAILABLE, BREAKER_OPEN, NO_BACKEND, TOO_LONG, PROMPT_TOO_LONG -> "";
        };
    }

    private static long millisSince(long began) {
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }
}
