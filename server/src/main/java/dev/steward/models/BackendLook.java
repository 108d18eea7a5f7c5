package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Saying;
import dev.steward.http.EgressBody;
import dev.steward.models.ModelException.Kind;
import dev.steward.models.ServedModel.Purpose;
import dev.steward.resilience.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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

    /// How names of models begin that make vectors without saying so.
    private static final List<String> EMBEDDERS =
            List.of("bge-", "e5-", "multilingual-e5", "gte-", "all-minilm", "all-mpnet", "paraphrase-");

    /// Parts of the names of models that make sound, pictures and judgements.
    private static final List<String> NEITHER =
            List.of("whisper", "tts", "dall-e", "moderation", "transcribe", "image", "realtime", "sora", "rerank");

    private final ModelCalls calls;
    private final JsonMapper json;
    private final int ollamaContextTokens;
    private final Map<String, Details> details = new ConcurrentHashMap<>();

    /// What Ollama tells of a model by its digest, which never changes.
    private record Details(Optional<Purpose> purpose, OptionalInt contextTokens) {

        /// Of a model that is listed, so that it can be asked, but about which nothing is known.
        static final Details UNKNOWN = new Details(Optional.of(Purpose.CHAT), OptionalInt.empty());
    }

    /// @param ollamaContextTokens the most context that is asked of an Ollama server
    BackendLook(ModelCalls calls, JsonMapper json, int ollamaContextTokens) {
        this.ollamaContextTokens = ollamaContextTokens;
        this.calls = requireNonNull(calls, "calls");
        this.json = requireNonNull(json, "json");
    }

    /// The models that can chat, and those that make vectors.
    List<ServedModel> models(Backend backend) throws BackendFault, InterruptedException {
        return switch (backend.kind()) {
            case OLLAMA -> ollama(backend);
            case OPENAI -> openAi(backend);
        };
    }

    private List<ServedModel> ollama(Backend backend) throws BackendFault, InterruptedException {
        JsonNode list = ask(backend, "/api/tags", null).path("models");
        if (!list.isArray()) {
            throw new BackendFault(Kind.PROTOCOL, BackendFault.reason(Saying.BACKEND_NO_LIST), "", null);
        }
        List<ServedModel> served = new ArrayList<>();
        int asked = 0;
        for (JsonNode one : list) {
            String name = one.path("name").asString(one.path("model").asString(""));
            String digest = backend.name() + '@' + one.path("digest").asString(name);
            Details known = details.get(digest);
            if (known == null && asked++ < DETAILS_MAX) {
                known = show(backend, name).orElse(null);
                if (known != null) {
                    details.put(digest, known);
                }
            }
            Details told = known == null ? Details.UNKNOWN : known;
            if (!name.isBlank() && served.size() < MODELS_MAX) {
                told.purpose.ifPresent(
                        purpose -> served.add(served(backend, shortened(name), purpose, told.contextTokens)));
            }
        }
        if (details.size() > MODELS_MAX) {
            details.clear();
        }
        return served;
    }

    private Optional<Details> show(Backend backend, String name) throws InterruptedException {
        try {
            JsonNode shown = ask(backend, "/api/show", json.createObjectNode().put("model", name));
            String family =
                    shown.path("model_info").path("general.architecture").asString("");
            int context =
                    shown.path("model_info").path(family + ".context_length").asInt(0);
            OptionalInt room =
                    context > 0 ? OptionalInt.of(Math.min(context, ollamaContextTokens)) : OptionalInt.empty();
            return Optional.of(new Details(purpose(shown.path("capabilities")), room));
        } catch (BackendFault _) {
            // Asked again at the next look.
            return Optional.empty();
        }
    }

    /// Old versions of Ollama say nothing of capabilities.
    private static Optional<Purpose> purpose(JsonNode capabilities) {
        List<String> told =
                capabilities.valueStream().map(one -> one.asString("")).toList();
        if (told.isEmpty() || told.contains("completion")) {
            return Optional.of(Purpose.CHAT);
        }
        return told.contains("embedding") ? Optional.of(Purpose.EMBEDDING) : Optional.empty();
    }

    private List<ServedModel> openAi(Backend backend) throws BackendFault, InterruptedException {
        JsonNode list = ask(backend, "/v1/models", null).path("data");
        if (!list.isArray()) {
            throw new BackendFault(Kind.PROTOCOL, BackendFault.reason(Saying.BACKEND_NO_LIST), "", null);
        }
        List<ServedModel> served = new ArrayList<>();
        for (JsonNode one : list) {
            String id = one.path("id").asString("");
            if (!id.isBlank() && served.size() < MODELS_MAX) {
                purpose(id).ifPresent(purpose -> served.add(served(backend, id, purpose, context(one))));
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

    /// By its name: the API lists models of all kinds without a word on what they do. Empty for those that make sound
    /// and pictures.
    private static Optional<Purpose> purpose(String id) {
        String name = id.toLowerCase(Locale.ROOT);
        String bare = name.substring(name.lastIndexOf('/') + 1);
        if (name.contains("embed") || EMBEDDERS.stream().anyMatch(bare::startsWith)) {
            return Optional.of(Purpose.EMBEDDING);
        }
        return NEITHER.stream().anyMatch(name::contains) ? Optional.empty() : Optional.of(Purpose.CHAT);
    }

    private static ServedModel served(Backend backend, String model, Purpose purpose, OptionalInt context) {
        return new ServedModel(
                new ModelRef(backend.name(), model),
                purpose,
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
            throw new BackendFault(Kind.PROTOCOL, BackendFault.reason(Saying.BACKEND_NOT_JSON), "", e);
        } finally {
            if (whole) {
                call.close();
            } else {
                call.abandon();
            }
        }
    }
}
