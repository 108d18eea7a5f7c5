package dev.steward.gateway;

import dev.steward.base.StewardException;
import dev.steward.models.ModelException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Errors in the shape of the OpenAI API, which existing clients understand.
final class OpenAiErrors {

    private static final JsonMapper JSON = JsonMapper.shared();

    private OpenAiErrors() {}

    /// Answers a request that has no answer yet.
    static void send(HttpServletResponse response, StewardException error) throws IOException {
        byte[] body = body(error);
        response.setStatus(error.status());
        response.setContentType("application/json");
        error.retryAfter().ifPresent(after -> response.setHeader("Retry-After", Long.toString(seconds(after))));
        if (error.status() == 401) {
            response.setHeader("WWW-Authenticate", "Bearer");
        }
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /// The error as an event of a stream that has begun. No `[DONE]` may follow it: the answer is not whole.
    static byte[] event(StewardException error) {
        return ("data: " + new String(body(error), StandardCharsets.UTF_8) + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] body(StewardException error) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode inner = root.putObject("error");
        inner.put("message", error.getMessage());
        inner.put("type", type(error));
        inner.putNull("param");
        inner.put("code", code(error));
        return JSON.writeValueAsBytes(root);
    }

    /// The API's own error types, as its documentation of error codes names them.
    private static String type(StewardException error) {
        return switch (error.status()) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 429 -> "rate_limit_error";
            default -> error.status() < 500 ? "invalid_request_error" : "server_error";
        };
    }

    private static String code(StewardException error) {
        if (error instanceof ModelException model && model.kind() == ModelException.Kind.MODEL_NOT_AVAILABLE) {
            return "model_not_found";
        }
        return error.status() == 401 ? "invalid_api_key" : error.code().wire();
    }

    /// Whole seconds as RFC 9110, section 10.2.3 asks; never sooner than meant.
    private static long seconds(Duration after) {
        return Math.max(1, after.plusMillis(999).toSeconds());
    }
}
