package dev.steward.models;

import dev.steward.base.Wording;
import dev.steward.base.Wording.Phrase;
import dev.steward.resilience.AdaptiveLimit;
import dev.steward.resilience.BreakerStatus;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A backend as operators see it.
///
/// @param url         where it is; never holds a secret
/// @param origin      `configuration`, `connected` (here, and changeable), `found` or `built_in`
/// @param key         `none`, `stored`, or `lost` when the stored one can't be opened on this node
/// @param available   whether the last look found it answering
/// @param since       when it came into that state
/// @param lastSuccess when it last gave a whole answer
/// @param inFlight    calls under way
/// @param inFlightMax calls that may be under way now; follows the backend's latency
/// @param waiting     calls that wait for room
/// @param message     what is wrong; empty if nothing is
/// @param words       what `message` is made of, for those who say it in another language; empty: in English only
record BackendStatus(
        String name,
        String kind,
        URI url,
        String privacy,
        String cost,
        String origin,
        String key,
        boolean available,
        Instant since,
        @Nullable Instant lastSuccess,
        Guard breaker,
        int inFlight,
        int inFlightMax,
        int waiting,
        List<String> models,
        String message,
        List<Phrase> words) {

    /// The backend's circuit breaker.
    ///
    /// @param retryInMs how long until a call goes through again; 0 unless it is open
    record Guard(String name, String state, int failureCount, long retryInMs) {}

    BackendStatus {
        models = List.copyOf(models);
        words = List.copyOf(words);
    }

    /// @param keyLost whether its stored key can't be opened
    static BackendStatus of(Backends.Known known, boolean keyLost) {
        Backend backend = known.backend();
        BreakerStatus breaker = known.gate().breaker().status();
        AdaptiveLimit.Status limit = known.gate().limit().status();
        return new BackendStatus(
                backend.name(),
                backend.kind().name().toLowerCase(Locale.ROOT),
                backend.url(),
                backend.privacy().name().toLowerCase(Locale.ROOT),
                backend.cost().name().toLowerCase(Locale.ROOT),
                origin(known.origin()),
                keyLost ? "lost" : backend.apiKey().isPresent() ? "stored" : "none",
                known.view().available(),
                known.view().since(),
                Backends.lastSuccess(known).orElse(null),
                new Guard(
                        breaker.name(),
                        breaker.state().name().toLowerCase(Locale.ROOT),
                        breaker.failureCount(),
                        breaker.timeUntilRetry().toMillis()),
                limit.inFlight(),
                limit.limit(),
                limit.waiting(),
                known.view().models().stream().map(model -> model.ref().model()).toList(),
                known.view().message(),
                Wording.read(known.view().message()).phrases());
    }

    private static String origin(Backends.Origin origin) {
        return switch (origin) {
            case CONFIGURED -> "configuration";
            case CONNECTED -> "connected";
            case DISCOVERED -> "found";
            case ADDED -> "built_in";
        };
    }
}
