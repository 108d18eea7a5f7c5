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

    /// Sent by the page that other sites show in a frame: there, browsers keep cookies apart for each site (CHIPS),
    /// and only under `SameSite=None; Secure; Partitioned`. These cookies have names of their own, so that a frame
    /// never acts for a session that was opened outside of it, nor the other way round. Other sites can't send a
    /// header.
    static final String FRAME_HEADER = "X-Steward-Frame";

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
        boolean framed = framed(request);
        add(response, name(ACCESS, secure, framed), access, secure, framed, true, accessLife);
        add(response, name(REFRESH, secure, framed), refresh, secure, framed, true, refreshLife);
        add(response, name(CSRF, secure, framed), csrf, secure, framed, false, refreshLife);
    }

    /// Takes the session back from the browser.
    public void clear(HttpServletRequest request, HttpServletResponse response) {
        set(request, response, "", Duration.ZERO, "", "", Duration.ZERO);
    }

    /// The refresh token that the browser holds. A request that uses it changes things: it must not come from
    /// another site.
    ///
    /// @throws dev.steward.base.StewardException 403 when it does
    public Optional<String> refreshToken(HttpServletRequest request) {
        Optional<String> token = Credentials.cookie(request, name(REFRESH, addresses.secure(request), framed(request)))
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
        return name(ACCESS, secure, false);
    }

    static String access(HttpServletRequest request, boolean secure) {
        return name(ACCESS, secure, framed(request));
    }

    private static boolean framed(HttpServletRequest request) {
        return request.getHeader(FRAME_HEADER) != null;
    }

    private static String name(String plain, boolean secure, boolean framed) {
        return (secure ? "__Host-" : "") + (framed ? plain.replace("steward_", "steward_frame_") : plain);
    }

    private static void add(
            HttpServletResponse response,
            String name,
            String value,
            boolean secure,
            boolean framed,
            boolean httpOnly,
            Duration life) {
        ResponseCookie cookie = ResponseCookie.from(name, value)
                .path("/")
                // Without TLS browsers keep a framed one on the machine itself only.
                .secure(secure || framed)
                .httpOnly(httpOnly)
                .sameSite(framed ? "None" : "Lax")
                .partitioned(framed)
                .maxAge(life)
                .build();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
    }
}
