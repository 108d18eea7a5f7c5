package dev.steward.web;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.IdSource;
import dev.steward.base.StewardException;
import dev.steward.config.NodeRole;
import dev.steward.telemetry.Correlation;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;

/// The outermost wall of every request: names it, sets the security headers, gives unversioned paths their version,
/// and turns whatever fails further in, and was not answered there, into a problem document.
final class RequestFilter implements Filter {

    static final String REQUEST_ID_HEADER = "X-Request-Id";

    /// What a process that only works on tasks serves: to probes and operators.
    private static final Pattern OF_A_WORKER = Pattern.compile("(/api(/v1)?)?/(health(/[a-z]+)?|metrics)");

    private final IdSource ids;
    private final ClientAddress addresses;
    private final ProblemWriter problems;
    private final RepeatGuard idempotency;
    private final NodeRole role;
    private final WidgetConfig widget;

    RequestFilter(
            IdSource ids,
            ClientAddress addresses,
            ProblemWriter problems,
            RepeatGuard idempotency,
            NodeRole role,
            WidgetConfig widget) {
        this.ids = requireNonNull(ids, "ids");
        this.addresses = requireNonNull(addresses, "addresses");
        this.problems = requireNonNull(problems, "problems");
        this.idempotency = requireNonNull(idempotency, "idempotency");
        this.role = requireNonNull(role, "role");
        this.widget = requireNonNull(widget, "widget");
    }

    @Override
    public void doFilter(ServletRequest plainRequest, ServletResponse plainResponse, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) plainRequest;
        HttpServletResponse response = (HttpServletResponse) plainResponse;
        RequestId id = requestId(request.getHeader(REQUEST_ID_HEADER));
        RequestContext.begin(request, id);
        response.setHeader(REQUEST_ID_HEADER, id.value());
        SecurityHeaders.write(response, request.getRequestURI(), addresses.secure(request), widget.origins());
        try (var _ = Correlation.with(Correlation.Id.REQUEST, id.value())) {
            pass(request, response, chain);
        }
    }

    private void pass(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            if (!role.serves() && !OF_A_WORKER.matcher(request.getRequestURI()).matches()) {
                throw new StewardException(
                        ErrorCode.NOT_FOUND, "This process works on tasks only; it serves health and metrics.");
            }
            if (!ApiRequest.isForControllers(request.getRequestURI())) {
                chain.doFilter(request, response);
            } else if (RepeatGuard.asked(request)) {
                AnswerCopy copy = new AnswerCopy(response);
                chain.doFilter(new ApiRequest(request), copy);
                RequestContext.claim(request).ifPresent(claim -> idempotency.remember(claim, copy));
            } else {
                chain.doFilter(new ApiRequest(request), response);
            }
        } catch (IOException | ServletException | RuntimeException e) {
            problems.write(request, response, e);
        }
    }

    private RequestId requestId(String given) {
        return new RequestId(
                given != null && RequestId.sane(given) ? given : ids.next().toString());
    }
}
