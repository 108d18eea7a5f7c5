package dev.steward.web;

import jakarta.servlet.http.HttpServletResponse;
import java.util.List;

/// The headers that tell browsers what not to do with an answer (ASVS 5.0, 3.4).
final class SecurityHeaders {

    /// Data is never a page: nothing may be loaded, framed or run.
    private static final String CSP_API =
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// Pages: only what Steward itself serves, no inline script or style, no images from elsewhere, so that a
    /// remote image in an answer can't carry data away.
    private static final String CSP_PAGE = "default-src 'none'; script-src 'self'; style-src-elem 'self'; "
            + "style-src-attr 'none'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; "
            + "worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
            + "frame-ancestors 'none'";

    /// Scripts of Steward's own pages never turn text into markup.
    private static final String CSP_OWN_PAGE = CSP_PAGE + "; require-trusted-types-for 'script'";

    /// The interactive API reference sets style attributes while it draws; scripts stay as strict as elsewhere.
    private static final String CSP_DOCS = CSP_PAGE.replace("style-src-attr 'none'", "style-src-attr 'unsafe-inline'");

    /// The one page that other sites may show, in a frame.
    static final String WIDGET = "/widget";

    /// The script that other sites fetch to show it.
    private static final String WIDGET_SCRIPT = "/widget.js";

    private SecurityHeaders() {}

    static void write(HttpServletResponse response, String path, boolean secure) {
        write(response, path, secure, List.of());
    }

    /// @param framers origins that may show the widget's page
    static void write(HttpServletResponse response, String path, boolean secure, List<String> framers) {
        boolean framed = path.equals(WIDGET) && !framers.isEmpty();
        boolean data = path.startsWith("/api") || path.startsWith("/v1") || path.startsWith("/mcp");
        boolean docs = path.startsWith("/docs") || path.startsWith("/swagger-ui");
        response.setHeader(
                "Content-Security-Policy", data ? CSP_API : docs ? CSP_DOCS : framed ? framed(framers) : CSP_OWN_PAGE);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        if (!framed) {
            // It knows no list of origins.
            response.setHeader("X-Frame-Options", "DENY");
        }
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", path.equals(WIDGET_SCRIPT) ? "cross-origin" : "same-origin");
        response.setHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=(self), payment=(), usb=()");
        if (data) {
            response.setHeader("Cache-Control", "no-store");
        }
        if (secure) {
            response.setHeader("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
        }
    }

    private static String framed(List<String> framers) {
        return CSP_OWN_PAGE.replace("frame-ancestors 'none'", "frame-ancestors 'self' " + String.join(" ", framers));
    }
}
