package dev.steward.models.embedded;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What goes over the pipes between Steward and the child: one JSON object a line, each line begun by the record
/// separator of RFC 7464. Lines without it are the native library's chatter.
final class EngineFrames {

    private static final char SEPARATOR = '\u001e';
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private EngineFrames() {}

    /// To the child. `request` begins answer `id`; without it, answer `id` is cancelled.
    record Order(long id, @Nullable EngineRequest request) {}

    /// From the child: one event of answer `id`; or, with id 0, that it is ready and how large its context is.
    record News(
            long id,
            @Nullable String text,
            @Nullable String finish,
            int promptTokens,
            int completionTokens,
            @Nullable String refused,
            @Nullable String failed,
            int contextTokens,
            int readTokens) {

        static News ready(int contextTokens) {
            return new News(0, null, null, 0, 0, null, null, contextTokens, 0);
        }

        static News of(long id, EngineEvent event) {
            return switch (event) {
                case EngineEvent.Text(String text) -> new News(id, text, null, 0, 0, null, null, 0, 0);
                case EngineEvent.Reading(int read, int total) ->
                    new News(id, null, null, total, 0, null, null, 0, read);
                case EngineEvent.Unavailable(boolean _, String message, Duration _) ->
                    throw new IllegalArgumentException("the child does not say that: " + message);
                case EngineEvent.Done(String finish, int prompt, int completion) ->
                    new News(id, null, finish, prompt, completion, null, null, 0, 0);
                case EngineEvent.Refused(String code, String message) ->
                    new News(id, message, null, 0, 0, code, null, 0, 0);
                case EngineEvent.Failed(String message) -> new News(id, null, null, 0, 0, null, message, 0, 0);
            };
        }

        EngineEvent event() {
            if (refused != null) {
                return new EngineEvent.Refused(refused, text == null ? "" : text);
            }
            if (failed != null) {
                return new EngineEvent.Failed(failed);
            }
            if (finish != null) {
                return new EngineEvent.Done(finish, promptTokens, completionTokens);
            }
            if (text == null) {
                return new EngineEvent.Reading(readTokens, promptTokens);
            }
            return new EngineEvent.Text(text);
        }
    }

    static String write(Object frame) {
        return SEPARATOR + JSON.writeValueAsString(frame) + '\n';
    }

    /// The frame on this line; empty when the line is not a frame, or one cut short.
    static <T> Optional<T> read(String line, Class<T> type) {
        int start = line.indexOf(SEPARATOR);
        if (start < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(line.substring(start + 1), type));
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }
}
