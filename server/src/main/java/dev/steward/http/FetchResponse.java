package dev.steward.http;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;

/// What came back; a redirect comes back as it is.
///
/// Two answers are never compared, so the array may be a component.
///
/// @param headers by name in lower case
/// @param body    as it came: if `content-encoding` is set, it is still packed
@SuppressWarnings("ArrayRecordComponent")
public record FetchResponse(int status, Map<String, List<String>> headers, byte[] body) {

    public FetchResponse {
        headers = Map.copyOf(headers);
        requireNonNull(body, "body");
    }
}
