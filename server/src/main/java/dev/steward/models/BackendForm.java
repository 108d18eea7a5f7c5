package dev.steward.models;

import dev.steward.base.FieldFault;
import dev.steward.base.Saying;
import dev.steward.base.Secret;
import dev.steward.base.Wording;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A model server as an administrator writes it down.
///
/// @param name    how its models are named, `name/model`; lower-case letters, digits, `-` and `_`
/// @param url     where it is; `http://` is put in front where no scheme is given
/// @param apiKey  the key that it asks for; never shown again
/// @param privacy left out: local for private addresses, else remote
/// @param cost    left out: free for local servers, paid for remote ones
record BackendForm(
        String name,
        Backend.Kind kind,
        String url,
        @Nullable String apiKey,
        Backend.@Nullable Privacy privacy,
        Backend.@Nullable Cost cost) {

    private static final int URL_LENGTH_MAX = 2_000;

    /// Longer than any key in use; fits into a header.
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,4096}");

    /// Reads it; what is wrong goes into `faults`, and then nothing is returned.
    Optional<Backend> read(List<FieldFault> faults) {
        Optional<Secret> key = key(apiKey, faults);
        URI address = address(url, faults);
        if (!faults.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new BackendsSettings.Entry(
                            name, kind, address, key, Optional.ofNullable(privacy), Optional.ofNullable(cost))
                    .toBackend());
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            faults.add(new FieldFault(message.contains("name") ? "name" : "url", "format", Wording.read(message)));
            return Optional.empty();
        }
    }

    static Optional<Secret> key(@Nullable String text, List<FieldFault> faults) {
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        String key = text.strip();
        if (!KEY.matcher(key).matches()) {
            faults.add(new FieldFault("api_key", "format", Saying.BACKEND_KEY.said()));
            return Optional.empty();
        }
        return Optional.of(new Secret(key));
    }

    private static URI address(String text, List<FieldFault> faults) {
        String bare = text.strip();
        String whole = bare.contains("://") ? bare : "http://" + bare;
        try {
            if (bare.isEmpty() || whole.length() > URL_LENGTH_MAX) {
                throw new IllegalArgumentException("empty or too long");
            }
            return URI.create(whole);
        } catch (IllegalArgumentException _) {
            faults.add(new FieldFault("url", "format", Saying.BACKEND_ADDRESS.said()));
            return URI.create("http://invalid");
        }
    }

    /// Without the key.
    @Override
    public String toString() {
        return "BackendForm[" + name + ", " + kind + ", " + url + "]";
    }
}
