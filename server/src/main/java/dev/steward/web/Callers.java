package dev.steward.web;

import dev.steward.base.Principal;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/// Tells who is asking at an endpoint that is open to anyone, and shows more to some.
public final class Callers {

    private Callers() {}

    /// Who signed the request; empty when nobody did.
    public static Optional<Principal> of(HttpServletRequest request) {
        return RequestContext.principal(request);
    }
}
