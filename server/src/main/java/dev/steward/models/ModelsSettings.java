package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.config.Section;
import dev.steward.config.Setting;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How models are asked; section `models`.
public record ModelsSettings(
        @Setting("The default order of failover, each as backend/model. Naming a remote or paid backend here allows it."
                + " Empty: the first model of each backend that is no more remote and no dearer than the first.")
        List<String> chain,

        @Setting("The built-in model.") Embedded embedded,

        @Setting("How long each part of an answer may take.")
        Timeouts timeouts,

        @Setting(
                value =
                        "The most context that is asked of an Ollama server, in tokens, 2048 to 131072; a model with less"
                                + " keeps its own. Steward asks for 8192 and for more only when a conversation needs it: more"
                                + " takes more of the server's memory.",
                fallback = "16384")
        int ollamaContextTokens) {

    public static final Section<ModelsSettings> SECTION = new Section<>("models", ModelsSettings.class);

    /// Longer chains only make people wait.
    static final int CHAIN_MAX = 16;

    /// Room for the 12,500 tokens that a question may have with everything around it (CHAT-4), and for the answer.
    static final int OLLAMA_CONTEXT_TOKENS = 16_384;

    /// With the room that Ollama has by default.
    public ModelsSettings(List<String> chain, Embedded embedded, Timeouts timeouts) {
        this(chain, embedded, timeouts, OLLAMA_CONTEXT_TOKENS);
    }

    public ModelsSettings {
        chain = List.copyOf(chain);
        requireNonNull(embedded, "embedded");
        requireNonNull(timeouts, "timeouts");
        if (chain.size() > CHAIN_MAX) {
            throw new IllegalArgumentException("a chain has at most " + CHAIN_MAX + " models");
        }
        if (ollamaContextTokens < 2_048 || ollamaContextTokens > 131_072) {
            throw new IllegalArgumentException("ollama_context_tokens must be 2048 to 131072");
        }
        chain.forEach(ModelRef::parse);
    }

    /// The chain, read.
    List<ModelRef> chainRefs() {
        return chain.stream().map(ModelRef::parse).toList();
    }

    /// The model that Steward brings along.
    public record Embedded(
            @Setting(
                    value = "auto: installed in the background when no other model is to be had; never: not installed.",
                    fallback = "auto")
            Install install,

            @Setting("Which model of the catalogue; empty: the catalogue's default.")
            Optional<String> model,

            @Setting("A GGUF file to use instead of one from the catalogue.")
            Optional<Path> path,

            @Setting("Further addresses that the model's file may be fetched from (https); its SHA-256 must match the"
                    + " catalogue's all the same.")
            List<URI> urls,

            @Setting(
                    value =
                            "How much the built-in model keeps in view, in tokens, 512 to 32768. More takes more memory.",
                    fallback = "8192")
            int contextTokens,

            @Setting(
                    value = "After this long without a question the built-in model gives its memory back, in"
                            + " milliseconds; 0: never. The next question loads it again.",
                    fallback = "900000")
            Duration idle) {

        /// Whether Steward may fetch a model by itself.
        public enum Install {
            AUTO,
            NEVER
        }

        public Embedded {
            requireNonNull(install, "install");
            requireNonNull(model, "model");
            requireNonNull(path, "path");
            urls = List.copyOf(urls);
            requireNonNull(idle, "idle");
            for (URI url : urls) {
                if (!"https".equals(url.getScheme()) || url.getHost() == null) {
                    throw new IllegalArgumentException("urls must begin with https://");
                }
            }
            if (contextTokens < 512 || contextTokens > 32_768) {
                throw new IllegalArgumentException("context_tokens must be 512 to 32768");
            }
            if (idle.isNegative()) {
                throw new IllegalArgumentException("idle_ms must be 0 or more");
            }
        }
    }

    /// The four times of a model call (RES-3). Each is at least 1 ms; the whole answer has at least as long as its
    /// first token.
    public record Timeouts(
            @Setting(value = "Connecting, in milliseconds.", fallback = "3000")
            Duration connect,

            @Setting(
                    value = "From the request to the first token, in milliseconds. A model on a machine of your own has"
                            + " 100 ms more for each token of the prompt beyond 1,000, here and for the whole answer; the"
                            + " built-in model has this time anew for each step of the prompt that it has read.",
                    fallback = "30000")
            Duration firstToken,

            @Setting(value = "From one token to the next, in milliseconds.", fallback = "15000")
            Duration betweenTokens,

            @Setting(value = "The whole answer, failovers included, in milliseconds.", fallback = "300000")
            Duration total) {

        public Timeouts {
            positive("connect_ms", connect);
            positive("first_token_ms", firstToken);
            positive("between_tokens_ms", betweenTokens);
            positive("total_ms", total);
            if (total.compareTo(firstToken) < 0) {
                throw new IllegalArgumentException("total_ms must be at least first_token_ms");
            }
        }

        private static void positive(String key, Duration value) {
            if (value.toMillis() < 1) {
                throw new IllegalArgumentException(key + " must be at least 1");
            }
        }
    }
}
