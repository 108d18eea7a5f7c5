package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.http.EgressBody;
import dev.steward.models.ModelException.Kind;
import dev.steward.resilience.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Asks a backend what it serves. Safe for use by many threads.
final class BackendLook {

    /// A server that is busy generating still lists its models well within this.
    static final Duration LOOK_MAX = Duration.ofSeconds(5);

    /// Longest list of models that is read, in bytes, and most models that are kept.
    private static final int LIST_BYTES_MAX = 4 << 20;

    private static final int MODELS_MAX = 1_000;

    /// Details of so many models are asked for in one look; the rest follows in the next ones.
    private static final int DETAILS_MAX = 20;

    private final ModelCalls calls;
    private final JsonMapper json;
    private final Map<String, Details> details = new ConcurrentHashMap<>();

    /// What Ollama tells of a model by its digest, which never changes.
    private record Details(boolean chats, OptionalInt contextTokens) {}

    BackendLook(ModelCalls calls, JsonMapper json) {
        this.calls = requireNonNull(calls, "calls");
        this.json = requireNonNull(json, "json");
    }

    /// The models that can chat.
    List<ServedModel> models(Backend backend) throws BackendFault, InterruptedException {
        return switch (backend.kind()) {
            case OLLAMA -> ollama(backend);
            case OPENAI -> openAi(backend);
        };
    }

    private List<ServedModel> ollama(Backend backend) throws BackendFault, InterruptedException {
        JsonNode list = ask(backend, "/api/tags", null).path("models");
        if (!list.isArray()) {
            throw new BackendFault(Kind.PROTOCOL, "sent something that is not a list of models", "", null);
        }
        List<ServedModel> served = new ArrayList<>();
        int asked = 0;
        for (JsonNode one : list) {
            String name = one.path("name").asString(one.path("model").asString(""));
            String digest = backend.name() + '@' + one.path("digest").asString(name);
            Details known = details.get(digest);
            if (known == null && asked++ < DETAILS_MAX) {
                known = show(backend, name);
                details.put(digest, known);
            }
            if (!name.isBlank() && served.size() < MODELS_MAX && (known == null || known.chats)) {
                served.add(served(backend, shortened(name), known == null ? OptionalInt.empty() : known.contextTokens));
            }
        }
        if (details.size() > MODELS_MAX) {
            details.clear();
        }
        return served;
    }

    private Details show(Backend backend, String name) throws InterruptedException {
        try {
            JsonNode shown = ask(backend, "/api/show", json.createObjectNode().put("model", name));
            JsonNode capabilities = shown.path("capabilities");
            boolean chats = !capabilities.isArray()
                    || capabilities.valueStream().anyMatch(c -> c.asString("").equals("completion"));
            String family =
                    shown.path("model_info").path("general.architecture").asString("");
            int context =
                    shown.path("model_info").path(family + ".context_length").asInt(0);
            return new Details(chats, context > 0 ? OptionalInt.of(context) : OptionalInt.empty());
        } catch (BackendFault _) {
            // The model is listed, so it can be asked; only its details are unknown.
            return new Details(true, OptionalInt.empty());
        }
    }

    private List<ServedModel> openAi(Backend backend) throws BackendFault, InterruptedException {
        JsonNode list = ask(backend, "/v1/models", null).path("data");
        if (!list.isArray()) {
            throw new BackendFault(Kind.PROTOCOL, "sent something that is not a list of models", "", null);
        }
        List<ServedModel> served = new ArrayList<>();
        for (JsonNode one : list) {
            String id = one.path("id").asString("");
            if (!id.isBlank() && served.size() < MODELS_MAX && chats(id)) {
                served.add(served(backend, id, context(one)));
            }
        }
        return served;
    }

    /// Several servers tell it, each in its own words: vLLM, OpenRouter, llama.cpp.
    private static OptionalInt context(JsonNode model) {
        for (JsonNode told : List.of(
                model.path("max_model_len"),
                model.path("context_length"),
                model.path("meta").path("n_ctx_train"))) {
            if (told.asInt(0) > 0) {
                return OptionalInt.of(told.asInt(0));
            }
        }
        return OptionalInt.empty();
    }

    /// Names of models that make vectors, sound and pictures; the API lists them without a word on what they do.
    private static boolean chats(String id) {
        String name = id.toLowerCase(Locale.ROOT);
        return List.of("embed", "whisper", "tts", "dall-e", "moderation", "transcribe", "image", "realtime", "sora")
                .stream()
                .noneMatch(name::contains);
    }

    private static ServedModel served(Backend backend, String model, OptionalInt context) {
        return new ServedModel(
                new ModelRef(backend.name(), model),
                backend.privacy() == Backend.Privacy.REMOTE,
                backend.cost() == Backend.Cost.PAID,
                context);
    }

    /// Ollama takes a name without a tag as `:latest`.
    private static String shortened(String name) {
        return name.endsWith(":latest") ? name.substring(0, name.length() - ":latest".length()) : name;
    }

    private JsonNode ask(Backend backend, String path, @Nullable JsonNode body)
            throws BackendFault, InterruptedException {
        LiveCall call = calls.look(
                backend,
                path,
                body == null ? null : EgressBody.of(json.writeValueAsBytes(body)),
                Deadline.in(LOOK_MAX));
        boolean whole = false;
        try {
            call.send("application/json", "text/json");
            byte[] bytes = call.wire().body().readNBytes(LIST_BYTES_MAX + 1);
            if (bytes.length > LIST_BYTES_MAX) {
                throw call.tooLong();
            }
            JsonNode answer = json.readTree(bytes);
            whole = true;
            return answer;
        } catch (IOException e) {
            throw call.failed(e);
        } catch (JacksonException e) {
            throw new BackendFault(Kind.PROTOCOL, "sent something that is not JSON", "", e);
        } finally {
            if (whole) {
                call.close();
            } else {
                call.abandon();
            }
        }
    }
}
