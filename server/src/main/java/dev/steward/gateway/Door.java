package dev.steward.gateway;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.Permission;
import dev.steward.base.Principal;
import dev.steward.base.StewardException;
import dev.steward.web.Authenticator;
import dev.steward.web.Endpoint.RateClass;
import dev.steward.web.RequestRates;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// Who may come in: a bearer token or API key with the permission, within its rate. Browsers' cookies are not taken
/// here, so no other site can make a browser spend somebody's tokens. Safe for use by many threads.
final class Door {

    private static final String SCHEME = "Bearer ";

    private final Authenticator authenticator;
    private final RequestRates rates;

    Door(Authenticator authenticator, RequestRates rates) {
        this.authenticator = requireNonNull(authenticator, "authenticator");
        this.rates = requireNonNull(rates, "rates");
    }

    /// @throws StewardException 401, 403 or 429, saying what to do
    Principal admit(HttpServletRequest request, Permission permission, RateClass rate) {
        String header = request.getHeader("Authorization");
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new StewardException(
                    ErrorCode.UNAUTHORIZED, "Send an API key of Steward as Authorization: Bearer stw_….");
        }
        Principal principal =
                authenticator.authenticate(header.substring(SCHEME.length()).strip());
        if (!principal.may(permission)) {
            throw new StewardException(
                    ErrorCode.UNAUTHORIZED, 403, "This key may not ask models.", null, List.of(), null);
        }
        rates.admit(rate, Optional.of(principal), InetAddress.getLoopbackAddress());
        return principal;
    }
}
