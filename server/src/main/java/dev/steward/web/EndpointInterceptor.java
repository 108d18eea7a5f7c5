package dev.steward.web;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.FieldFault;
import dev.steward.base.Permission;
import dev.steward.base.Principal;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import dev.steward.web.Endpoint.Idempotency;
import dev.steward.web.Endpoint.RateClass;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/// Enforces what each endpoint declares, in this order: who is asking, may they, not too often, not twice. A method
/// without a declaration is refused: forgetting it opens nothing.
final class EndpointInterceptor implements HandlerInterceptor {

    private final Credentials credentials;
    private final ClientAddress addresses;
    private final RequestRates rates;
    private final AllowedMethods allowed;
    private final RepeatGuard idempotency;

    EndpointInterceptor(
            Credentials credentials,
            ClientAddress addresses,
            RequestRates rates,
            AllowedMethods allowed,
            RepeatGuard idempotency) {
        this.credentials = requireNonNull(credentials, "credentials");
        this.addresses = requireNonNull(addresses, "addresses");
        this.rates = requireNonNull(rates, "rates");
        this.allowed = requireNonNull(allowed, "allowed");
        this.idempotency = requireNonNull(idempotency, "idempotency");
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws IOException {
        if ("OPTIONS".equals(request.getMethod())) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            response.setHeader("Allow", String.join(", ", allowed.at(request)));
            return false;
        }
        if (!(handler instanceof HandlerMethod method)) {
            return true;
        }
        Endpoint endpoint = method.getMethodAnnotation(Endpoint.class);
        if (endpoint == null) {
            if (isDocument(method)) {
                rates.admit(RateClass.READ, Optional.empty(), addresses.of(request));
                return true;
            }
            throw new IllegalStateException(method.getShortLogMessage() + " does not declare what it asks of callers");
        }
        if (request instanceof ApiRequest api) {
            api.limitBody(endpoint.bodyBytesMax());
        }
        Optional<Principal> caller = caller(request, endpoint);
        rates.admit(endpoint.rate(), caller, addresses.of(request));
        refuseUnknownParameters(request, QueryParameters.of(method));
        if (endpoint.idempotency() != Idempotency.KEY) {
            return true;
        }
        Optional<SealedAnswer> kept = idempotency.begin(request, caller.orElseThrow());
        if (kept.isPresent()) {
            RepeatGuard.replay(kept.orElseThrow(), response);
        }
        return kept.isEmpty();
    }

    private Optional<Principal> caller(HttpServletRequest request, Endpoint endpoint) {
        if (endpoint.rate() == RateClass.AUTH && endpoint.permission() == Permission.PUBLIC) {
            return Optional.empty();
        }
        Optional<Principal> caller = identify(request, endpoint);
        caller.ifPresent(principal -> RequestContext.principal(request, principal));
        if (endpoint.permission() == Permission.PUBLIC) {
            return caller;
        }
        Principal principal =
                caller.orElseThrow(() -> new StewardException(ErrorCode.UNAUTHORIZED, Saying.SIGN_IN.said()));
        if (!principal.may(endpoint.permission())) {
            throw new StewardException(ErrorCode.UNAUTHORIZED, 403, Saying.NOT_ALLOWED.said(), null, List.of(), null);
        }
        return caller;
    }

    /// A wrong credential costs its sender's address a request, so guessing is slow.
    private Optional<Principal> identify(HttpServletRequest request, Endpoint endpoint) {
        try {
            return endpoint.permission() == Permission.PUBLIC
                    ? credentials.ofVisitor(request)
                    : credentials.of(request);
        } catch (StewardException e) {
            rates.admit(RateClass.WRITE, Optional.empty(), addresses.of(request));
            throw e;
        }
    }

    private static void refuseUnknownParameters(HttpServletRequest request, Set<String> known) {
        for (String name : QueryParameters.namesIn(request.getQueryString())) {
            if (!known.contains(name)) {
                throw new StewardException(
                        ErrorCode.INVALID_INPUT,
                        400,
                        "There is no query parameter of this name here. Nothing was changed.",
                        null,
                        List.of(new FieldFault(name, "unknown_field", "there is no such query parameter here")),
                        null);
            }
        }
    }

    /// The machine-readable description of the API, which springdoc serves.
    private static boolean isDocument(HandlerMethod method) {
        return method.getBeanType().getPackageName().startsWith("org.springdoc");
    }
}
