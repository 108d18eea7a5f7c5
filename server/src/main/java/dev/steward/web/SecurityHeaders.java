package dev.steward.web;

import jakarta.servlet.http.HttpServletResponse;

/// The headers that tell browsers what not to do with an answer (ASVS 5.0, 3.4).
final class SecurityHeaders {

    /// Data is never a page: nothing may be loaded, framed or run.
    private static final String CSP_API =
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// Pages: only what Steward itself serves, no inline script or style, no images from elsewhere, so that a
    /// remote
    /// image in an answer can't carry data away.
    private static final String CSP_PAGE = "default-src 'none'; script-src 'self'; style-src-elem 'self'; "
            + "style-src-attr 'none'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; "
            + "worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
            + "frame-ancestors 'none'";

    /// Scripts of Steward's own pages never turn text into markup.
    private static final String CSP_OWN_PAGE = CSP_PAGE + "; require-trusted-types-for 'script'";

    /// The interactive API reference sets style attributes while it draws; scripts stay as strict as elsewhere.
    private static final String CSP_DOCS = CSP_PAGE.replace("style-src-attr 'none'", "style-src-attr 'unsafe-inline'");

    private SecurityHeaders() {}

    static void write(HttpServletResponse response, String path, boolean secure) {
        boolean data = path.startsWith("/api") || path.startsWith("/v1") || path.startsWith("/mcp");
        boolean docs = path.startsWith("/docs") || path.startsWith("/swagger-ui");
        response.setHeader("Content-Security-Policy", data ? CSP_API : docs ? CSP_DOCS : CSP_OWN_PAGE);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=(self), payment=(), usb=()");
        if (data) {
            response.setHeader("Cache-Control", "no-store");
        }
        if (secure) {
            response.setHeader("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
        }
    }
}
