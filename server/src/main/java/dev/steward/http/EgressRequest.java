package dev.steward.http;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request that is answered by a stream.
///
/// @param method         such as `GET` or `POST`
/// @param headers        sent as they are; `Host`, `Content-Length` and the connection's own are set by [EgressPool]
/// @param body           null for none
/// @param connectTimeout for one address; zero: no limit but the system's
/// @param answerTimeout  from the request's end to the answer's head; zero: no limit
public record EgressRequest(
        String method,
        URI url,
        Map<String, String> headers,
        @Nullable EgressBody body,
        Duration connectTimeout,
        Duration answerTimeout) {

    public EgressRequest {
        requireNonNull(method, "method");
        requireNonNull(url, "url");
        headers = Map.copyOf(headers);
        requireNonNull(connectTimeout, "connectTimeout");
        requireNonNull(answerTimeout, "answerTimeout");
    }
}
