package dev.steward.models;

import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The error documents of both protocols: `{"error": "text"}` and `{"error": {"message": "text", …}}`.
final class ErrorBody {

    /// Longest message that is passed on.
    private static final int MESSAGE_MAX = 300;

    private static final JsonMapper JSON = JsonMapper.shared();

    /// How servers say that a prompt has no room: OpenAI and vLLM, llama.cpp, Ollama, the built-in model.
    private static final Pattern PROMPT_TOO_LONG = Pattern.compile(
            "maximum context length|context length exceeded|exceeds? the (available |maximum )?context"
                    + "|exceed(s|ed)? max(imum)? context|prompt (is )?too long|this model holds",
            Pattern.CASE_INSENSITIVE);

    private ErrorBody() {}

    /// Whether a message says that the model can't take in so much at once.
    static boolean promptTooLong(String message) {
        return PROMPT_TOO_LONG.matcher(message).find();
    }

    /// The message of an error document; empty if it is none or says nothing.
    static String message(byte[] body) {
        try {
            return message(JSON.readTree(body).path("error"));
        } catch (JacksonException _) {
            return "";
        }
    }

    /// The message of the value of `error`, in one line and cut to a length that fits a sentence.
    static String message(JsonNode error) {
        String text =
                error.isString() ? error.asString() : error.path("message").asString("");
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() > MESSAGE_MAX ? line.substring(0, MESSAGE_MAX) + "…" : line;
    }
}
