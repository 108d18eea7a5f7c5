package dev.steward.web;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.Principal;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import dev.steward.base.Wording;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds out who sends a request: the bearer token, or else the browser's cookie. An unsafe request by cookie must
/// also carry the session's CSRF token, and must not come from another site. Thread-safe.
///
/// Source: OWASP CSRF prevention (signed double submit; Fetch Metadata).
final class Credentials {

    static final String CSRF_HEADER = "X-CSRF-Token";

    private static final String SCHEME = "bearer ";
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private final Authenticator authenticator;
    private final ClientAddress addresses;

    Credentials(Authenticator authenticator, ClientAddress addresses) {
        this.authenticator = requireNonNull(authenticator, "authenticator");
        this.addresses = requireNonNull(addresses, "addresses");
    }

    /// Who is asking; empty when no credential is shown.
    ///
    /// @throws StewardException `unauthorized` when what is shown is no good
    Optional<Principal> of(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        if (header != null) {
            if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
                throw new StewardException(
                        ErrorCode.UNAUTHORIZED, "Only Authorization: Bearer with a token or an API key is taken.");
            }
            return Optional.of(
                    authenticator.authenticate(header.substring(SCHEME.length()).strip()));
        }
        Optional<String> cookie = cookie(request, AuthCookies.access(request, addresses.secure(request)));
        if (cookie.isEmpty()) {
            return Optional.empty();
        }
        Principal principal = authenticator.authenticateCookie(cookie.orElseThrow());
        if (!SAFE.contains(request.getMethod())) {
            checkSameSite(request);
            String token = request.getHeader(CSRF_HEADER);
            if (token == null || !authenticator.csrfTokenMatches(principal, token)) {
                throw forged(Saying.FORGED.said(CSRF_HEADER));
            }
        }
        return Optional.of(principal);
    }

    /// Who is asking, where nobody has to be. A browser sends the cookie of a session that was ended elsewhere with
    /// everything, also with what the page to sign in asks: there it is no credential, and no fault either.
    ///
    /// @throws StewardException `unauthorized` when a header shows what is no good
    Optional<Principal> ofVisitor(HttpServletRequest request) {
        try {
            return of(request);
        } catch (StewardException e) {
            if (request.getHeader("Authorization") == null && e.status() == ErrorCode.UNAUTHORIZED.status()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /// Refuses an unsafe request that a browser sends on behalf of another site. Other clients send neither
    /// header.
    ///
    /// @throws StewardException 403
    static void checkSameSite(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            throw forged(Saying.OTHER_SITE.said());
        }
        String origin = request.getHeader("Origin");
        String host = request.getHeader("Host");
        if (site == null && origin != null && !origin.equals("http://" + host) && !origin.equals("https://" + host)) {
            throw forged(Saying.OTHER_SITE.said());
        }
    }

    static Optional<String> cookie(HttpServletRequest request, String name) {
        Cookie[] cookies = request.getCookies();
        return cookies == null
                ? Optional.empty()
                : List.of(cookies).stream()
                        .filter(cookie -> cookie.getName().equals(name))
                        .map(Cookie::getValue)
                        .findFirst();
    }

    private static StewardException forged(Wording detail) {
        return new StewardException(ErrorCode.UNAUTHORIZED, 403, detail, null, List.of(), null);
    }
}
