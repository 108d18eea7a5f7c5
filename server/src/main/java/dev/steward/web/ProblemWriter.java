package dev.steward.web;

import static java.util.Objects.requireNonNull;

import dev.steward.base.StewardException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.web.ErrorResponse;
import tools.jackson.databind.json.JsonMapper;

/// Answers a failed request with its problem document. Thread-safe.
final class ProblemWriter {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemWriter.class);

    private final JsonMapper json;

    ProblemWriter(JsonMapper json) {
        this.json = requireNonNull(json, "json");
    }

    /// Writes the answer, unless one has begun already or nobody is there to read it.
    void write(HttpServletRequest request, HttpServletResponse response, Throwable failure) throws IOException {
        if (response.isCommitted() || Failures.isHangUp(failure)) {
            LOG.atDebug().setCause(failure).log("A request ended without an answer: the reader is gone");
            return;
        }
        StewardException known = Failures.of(failure);
        if (Failures.isInternal(known)) {
            LOG.atError().setCause(failure).addKeyValue("path", route(request)).log("A request failed unexpectedly");
        }
        response.resetBuffer();
        if (failure instanceof ErrorResponse framework) {
            copyHeader(framework.getHeaders(), HttpHeaders.ALLOW, response);
            copyHeader(framework.getHeaders(), HttpHeaders.ACCEPT, response);
        }
        write(request, response, known);
    }

    private void write(HttpServletRequest request, HttpServletResponse response, StewardException failure)
            throws IOException {
        Problem problem = Problem.of(
                failure,
                RequestContext.path(request),
                RequestContext.requestId(request).value());
        response.setStatus(problem.status());
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        failure.retryAfter().map(ProblemWriter::seconds).ifPresent(s -> response.setHeader(HttpHeaders.RETRY_AFTER, s));
        if (problem.status() == HttpServletResponse.SC_UNAUTHORIZED) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"steward\"");
        }
        byte[] body = json.writeValueAsBytes(problem);
        response.setContentType(Problem.MEDIA_TYPE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static String seconds(Duration wait) {
        return Long.toString(Math.max(1, (wait.toMillis() + 999) / 1000));
    }

    private static void copyHeader(HttpHeaders from, String name, HttpServletResponse response) {
        String value = from.getFirst(name);
        if (value != null) {
            response.setHeader(name, value);
        }
    }

    /// The pattern that matched, so that logs carry no ids of users' things.
    private static String route(HttpServletRequest request) {
        Object pattern =
                request.getAttribute(org.springframework.web.servlet.HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        return pattern == null ? "unmatched" : pattern.toString();
    }
}
