package dev.steward.gateway;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.StewardException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One address of the OpenAI-compatible API with its only method: whatever goes wrong becomes an error in that API's
/// shape.
abstract class DoorServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final Logger log = LoggerFactory.getLogger(DoorServlet.class);
    private static final Duration RESTART = Duration.ofSeconds(5);
    private static final int METHOD_NOT_ALLOWED = 405;

    private final String method;

    /// @param method the one that is taken, such as `POST`
    DoorServlet(String method) {
        this.method = requireNonNull(method, "method");
    }

    /// Answers a request of the right method.
    abstract void answer(HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException;

    @Override
    protected final void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            if (!request.getMethod().equals(method)) {
                response.setHeader("Allow", method);
                throw new StewardException(
                        ErrorCode.INVALID_INPUT,
                        METHOD_NOT_ALLOWED,
                        "Only " + method + " is served at this address.",
                        null,
                        List.of(),
                        null);
            }
            answer(request, response);
        } catch (InterruptedException | RuntimeException e) {
            StewardException told = told(e);
            if (!response.isCommitted()) {
                OpenAiErrors.send(response, told);
            }
        }
    }

    /// What the client is told about a failure; one that nobody foresaw goes to the log.
    ///
    /// An interruption ends with the request that it was meant for: the thread serves no other, and an answer
    /// could not be written with the flag up.
    static StewardException told(Exception failure) {
        return switch (failure) {
            case StewardException known -> known;
            case InterruptedException _ ->
                StewardException.busy(
                        ErrorCode.SERVICE_UNAVAILABLE, "Steward is stopping; ask again in a moment.", RESTART);
            default -> {
                log.atError().setCause(failure).log("request failed unexpectedly");
                yield new StewardException(
                        ErrorCode.INTERNAL_ERROR, "Something unexpected went wrong here; nothing was changed.");
            }
        };
    }

    /// The whole body.
    ///
    /// @throws StewardException it is larger than any body may be
    static byte[] read(HttpServletRequest request) throws IOException {
        int length = request.getContentLength();
        if (length > GatewayLimits.BODY_BYTES_MAX) {
            throw tooLarge();
        }
        try (InputStream in = request.getInputStream()) {
            byte[] body = in.readNBytes(length >= 0 ? length : GatewayLimits.BODY_BYTES_MAX + 1);
            if (body.length > GatewayLimits.BODY_BYTES_MAX) {
                throw tooLarge();
            }
            return body;
        }
    }

    private static StewardException tooLarge() {
        return new StewardException(
                ErrorCode.INVALID_INPUT,
                413,
                "The body is larger than " + GatewayLimits.BODY_BYTES_MAX / (1024 * 1024) + " MiB.",
                null,
                List.of(),
                null);
    }
}
