package dev.steward.web;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Principal;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/// What Steward knows about a request besides what the caller sent, kept in its attributes.
final class RequestContext {

    private static final String REQUEST_ID = "steward.request_id";
    private static final String PATH = "steward.path";
    private static final String PRINCIPAL = "steward.principal";
    private static final String RESOURCE_ID = "steward.resource_id";
    private static final String CLAIM = "steward.idempotency";

    private RequestContext() {}

    static void begin(HttpServletRequest request, RequestId id) {
        request.setAttribute(REQUEST_ID, id);
        request.setAttribute(PATH, request.getRequestURI());
    }

    static RequestId requestId(HttpServletRequest request) {
        return requireNonNull((RequestId) request.getAttribute(REQUEST_ID), "every request passes RequestFilter");
    }

    /// The path as the caller wrote it.
    static String path(HttpServletRequest request) {
        return request.getAttribute(PATH) instanceof String path ? path : request.getRequestURI();
    }

    static void principal(HttpServletRequest request, Principal principal) {
        request.setAttribute(PRINCIPAL, principal);
    }

    static Optional<Principal> principal(HttpServletRequest request) {
        return Optional.ofNullable((Principal) request.getAttribute(PRINCIPAL));
    }

    static void resourceId(HttpServletRequest request, NewResourceId id) {
        request.setAttribute(RESOURCE_ID, id);
    }

    static Optional<NewResourceId> resourceId(HttpServletRequest request) {
        return Optional.ofNullable((NewResourceId) request.getAttribute(RESOURCE_ID));
    }

    static void claim(HttpServletRequest request, IdempotencyClaim claim) {
        request.setAttribute(CLAIM, claim);
    }

    static Optional<IdempotencyClaim> claim(HttpServletRequest request) {
        return Optional.ofNullable((IdempotencyClaim) request.getAttribute(CLAIM));
    }
}
