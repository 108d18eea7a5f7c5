package dev.steward.web;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Answers what Tomcat refuses before any filter runs (a malformed request line, TRACE, an illegal path) with a
/// problem document, in place of Tomcat's own page.
final class ProblemReportValve extends ErrorReportValve {

    private final JsonMapper json;

    ProblemReportValve(JsonMapper json) {
        this.json = requireNonNull(json, "json");
        setAsyncSupported(true);
    }

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        String path = request.getRequestURI() == null ? "" : request.getRequestURI();
        String id = response.getHeader(RequestFilter.REQUEST_ID_HEADER);
        Problem problem = Problem.of(Failures.status(status), path, id == null ? "none" : id);
        byte[] body = json.writeValueAsString(problem).getBytes(StandardCharsets.UTF_8);
        SecurityHeaders.write(response.getResponse(), "/api", request.isSecure());
        response.setContentType(Problem.MEDIA_TYPE);
        response.setContentLength(body.length);
        try {
            response.getOutputStream().write(body);
            response.finishResponse();
        } catch (IOException _) {
            // The reader is gone; there is nobody to tell.
            return;
        }
    }
}
