package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Saying;
import dev.steward.base.Secret;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// A model server, as far as it must be known to ask it.
///
/// @param name         how people and models name it; lower-case letters, digits, `-` and `_`
/// @param kind         the protocol that it speaks
/// @param url          where it is, without the protocol's own paths; http or https, without user, query or fragment
/// @param apiKey       sent as a bearer token
/// @param privacy      whether asking it sends the conversation away
/// @param cost         whether asking it costs money
/// @param continuation how it is brought to go on with a begun answer
public record Backend(
        String name,
        Kind kind,
        URI url,
        Optional<Secret> apiKey,
        Privacy privacy,
        Cost cost,
        Continuation continuation) {

    /// Longest name, so that names of breakers and metrics stay readable.
    public static final int NAME_LENGTH_MAX = 40;

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]*");

    /// What a backend speaks.
    public enum Kind {
        /// Ollama's own API.
        OLLAMA,
        /// The OpenAI-compatible API.
        OPENAI
    }

    /// Where a conversation goes.
    public enum Privacy {
        /// It stays on this machine or network.
        LOCAL,
        /// Somebody else's computer reads it.
        REMOTE
    }

    /// Who pays.
    public enum Cost {
        FREE,
        PAID
    }

    /// How a backend is brought to go on with an answer that was begun elsewhere.
    public enum Continuation {
        /// The begun answer is the last message, and the model goes on from its end: Ollama, llama.cpp.
        PREFILL,
        /// The begun answer is an assistant's message, and a short instruction after it says to go on.
        INSTRUCTION
    }

    public Backend {
        requireNonNull(name, "name");
        requireNonNull(kind, "kind");
        requireNonNull(url, "url");
        requireNonNull(apiKey, "apiKey");
        requireNonNull(privacy, "privacy");
        requireNonNull(cost, "cost");
        requireNonNull(continuation, "continuation");
        if (name.length() > NAME_LENGTH_MAX || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(Saying.BACKEND_NAME.english(NAME_LENGTH_MAX, name));
        }
        url = checked(url);
    }

    /// Whether asking this one instead of `other` would send a conversation further away or begin to cost money.
    boolean worseThan(Backend other) {
        return privacy.compareTo(other.privacy) > 0 || cost.compareTo(other.cost) > 0;
    }

    /// The address of one of the backend's own pages; `path` begins with a slash.
    URI at(String path) {
        return URI.create(url + path);
    }

    private static URI checked(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https")) || url.getHost() == null) {
            throw new IllegalArgumentException(Saying.BACKEND_URL.english());
        }
        if (url.getUserInfo() != null || url.getQuery() != null || url.getFragment() != null) {
            throw new IllegalArgumentException(Saying.BACKEND_URL_PARTS.english());
        }
        String text = url.toString();
        int end = text.length();
        while (text.charAt(end - 1) == '/') {
            end--;
        }
        return URI.create(text.substring(0, end));
    }
}
