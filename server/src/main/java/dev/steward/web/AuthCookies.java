package dev.steward.web;

import static java.util.Objects.requireNonNull;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;

/// The cookies of a browser's session. Scripts can read only the CSRF one. Over TLS their names begin with
/// `__Host-`,
/// which binds them to this host alone; over plain HTTP, which browsers know as insecure, they can't.
/// Thread-safe.
///
/// Source: RFC 6265bis, section 4.1.3.2; ASVS 5.0, 3.3.
public final class AuthCookies {

    private static final String ACCESS = "steward_access";
    private static final String REFRESH = "steward_refresh";
    private static final String CSRF = "steward_csrf";

    private final ClientAddress addresses;

    AuthCookies(ClientAddress addresses) {
        this.addresses = requireNonNull(addresses, "addresses");
    }

    /// Hands a session to the browser.
    ///
    /// @param refreshLife how long the browser keeps it
    public void set(
            HttpServletRequest request,
            HttpServletResponse response,
            String access,
            Duration accessLife,
            String refresh,
            String csrf,
            Duration refreshLife) {
        boolean secure = addresses.secure(request);
        add(response, name(ACCESS, secure), access, secure, true, accessLife);
        add(response, name(REFRESH, secure), refresh, secure, true, refreshLife);
        add(response, name(CSRF, secure), csrf, secure, false, refreshLife);
    }

    /// Takes the session back from the browser.
    public void clear(HttpServletRequest request, HttpServletResponse response) {
        set(request, response, "", Duration.ZERO, "", "", Duration.ZERO);
    }

    /// The refresh token that the browser holds. A request that uses it changes things: it must not come from
    /// another
    /// site.
    ///
    /// @throws dev.steward.base.StewardException 403 when it does
    public Optional<String> refreshToken(HttpServletRequest request) {
        Optional<String> token = Credentials.cookie(request, name(REFRESH, addresses.secure(request)))
                .filter(value -> !value.isEmpty());
        if (token.isPresent()) {
            Credentials.checkSameSite(request);
        }
        return token;
    }

    /// Refuses a sign-in that a browser sends on behalf of another site: it would put the person into a stranger's
    /// account.
    ///
    /// @throws dev.steward.base.StewardException 403
    public void refuseOtherSites(HttpServletRequest request) {
        Credentials.checkSameSite(request);
    }

    static String access(boolean secure) {
        return name(ACCESS, secure);
    }

    private static String name(String plain, boolean secure) {
        return secure ? "__Host-" + plain : plain;
    }

    private static void add(
            HttpServletResponse response, String name, String value, boolean secure, boolean httpOnly, Duration life) {
        ResponseCookie cookie = ResponseCookie.from(name, value)
                .path("/")
                .secure(secure)
                .httpOnly(httpOnly)
                .sameSite("Lax")
                .maxAge(life)
                .build();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
    }
}
