package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Secret;
import dev.steward.config.Section;
import dev.steward.config.Setting;
import java.net.InetAddress;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The model servers that the operator names; section `backends`.
public record BackendsSettings(
        @Setting("Model servers, first choice first. Empty: Ollama on this machine, else OPENAI_API_KEY (and"
                + " OPENAI_BASE_URL) from the environment, else the built-in model.")
        List<Entry> backends) {

    public static final Section<BackendsSettings> SECTION = new Section<>("backends", BackendsSettings.class);

    /// More than anyone runs, few enough to look at all of them every few seconds.
    static final int BACKENDS_MAX = 32;

    public BackendsSettings {
        backends = List.copyOf(backends);
        if (backends.size() > BACKENDS_MAX) {
            throw new IllegalArgumentException("at most " + BACKENDS_MAX + " backends");
        }
        Set<String> names = new HashSet<>();
        for (Entry entry : backends) {
            if (!names.add(entry.name)) {
                throw new IllegalArgumentException("two backends have the name " + entry.name);
            }
        }
    }

    /// One backend as written in the file.
    ///
    /// @param url with or without a last `/v1` for the kind `openai`
    public record Entry(
            @Setting("How models of this backend are named: name/model. Lower-case letters, digits, - and _.")
            String name,

            @Setting("The protocol: ollama or openai (any OpenAI-compatible server).")
            Backend.Kind kind,

            @Setting("Where it is, such as http://127.0.0.1:11434 or https://api.openai.com/v1.")
            URI url,

            @Setting("The key that it asks for; sent as a bearer token.")
            Optional<Secret> apiKey,

            @Setting("local: the conversation stays on this machine or network; remote: it leaves it."
                    + " By default local for private addresses, else remote.")
            Optional<Backend.Privacy> privacy,

            @Setting("free or paid. By default free for local backends, paid for remote ones.")
            Optional<Backend.Cost> cost) {

        public Entry {
            requireNonNull(name, "name");
            requireNonNull(kind, "kind");
            requireNonNull(url, "url");
            requireNonNull(apiKey, "apiKey");
            requireNonNull(privacy, "privacy");
            requireNonNull(cost, "cost");
            toBackend(name, kind, url, apiKey, privacy, cost);
        }

        Backend toBackend() {
            return toBackend(name, kind, url, apiKey, privacy, cost);
        }

        private static Backend toBackend(
                String name,
                Backend.Kind kind,
                URI url,
                Optional<Secret> apiKey,
                Optional<Backend.Privacy> privacy,
                Optional<Backend.Cost> cost) {
            Backend.Privacy where =
                    privacy.orElse(nearby(url.getHost()) ? Backend.Privacy.LOCAL : Backend.Privacy.REMOTE);
            return new Backend(
                    name,
                    kind,
                    withoutVersion(url),
                    apiKey,
                    where,
                    cost.orElse(where == Backend.Privacy.LOCAL ? Backend.Cost.FREE : Backend.Cost.PAID),
                    kind == Backend.Kind.OLLAMA ? Backend.Continuation.PREFILL : Backend.Continuation.INSTRUCTION);
        }
    }

    /// The address without a last `/v1`, which people copy from other tools' settings.
    static URI withoutVersion(URI url) {
        String text = url.toString();
        String bare = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        return bare.endsWith("/v1") ? URI.create(bare.substring(0, bare.length() - 3)) : url;
    }

    /// Whether a host is written as an address of this machine or of a private network. Names are not looked up: only
    /// `localhost` counts.
    static boolean nearby(@org.jspecify.annotations.Nullable String host) {
        if (host == null) {
            return false;
        }
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        if (bare.toLowerCase(Locale.ROOT).equals("localhost")) {
            return true;
        }
        try {
            InetAddress address = InetAddress.ofLiteral(bare);
            return address.isLoopbackAddress() || address.isSiteLocalAddress() || address.isLinkLocalAddress();
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
