package dev.steward.web;

import static java.util.Objects.requireNonNull;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Gives browsers the pages of the web interface, which were built into the jar: files by their name, and the one
/// page for every address that the interface itself knows. Everything else goes on to the API.
///
/// Files under `/assets/` have their content's hash in their name and may be kept for ever (RFC 8246); the others
/// are asked for anew each time. Packed variants were made at build time. Thread-safe.
final class PageFiles implements Filter {

    private static final String ASSETS = "/assets/";
    private static final String START_PAGE = "/index.html";
    private static final String WIDGET_PAGE = "/widget.html";
    private static final String ROOT = "pages";

    /// Where browsers get data, never a page.
    private static final List<String> DATA =
            List.of("/api", "/v1", "/mcp", "/health", "/metrics", "/openapi", "/docs", "/swagger-ui", "/error");

    /// Plain names only: no step upwards, no hidden file.
    private static final Pattern FILE = Pattern.compile("(/[A-Za-z0-9_-]+)*/[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)+");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=utf-8",
            "js", "text/javascript;charset=utf-8",
            "css", "text/css;charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "woff2", "font/woff2",
            "json", "application/json",
            "webmanifest", "application/manifest+json");

    private static final String NOT_BUILT = """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Steward</title>
            <h1>Steward is running, without its web interface</h1>
            <p>It was built without the pages, for lack of Node.js 20 or newer. Install it, then run <code>./steward build</code>
            and start again. The terminal (<code>steward chat</code>) and the <a href="/docs">API</a> work.</p></html>
            """;

    private final ClassLoader files;

    PageFiles(ClassLoader files) {
        this.files = requireNonNull(files, "files");
    }

    @Override
    public void doFilter(ServletRequest plainRequest, ServletResponse plainResponse, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) plainRequest;
        HttpServletResponse response = (HttpServletResponse) plainResponse;
        Optional<String> name = name(request);
        if (name.isEmpty()) {
            chain.doFilter(request, response);
        } else if (!send(name.get(), request, response)) {
            if (name.get().equals(START_PAGE)) {
                response.setContentType(TYPES.get("html"));
                response.setHeader("Cache-Control", "no-cache");
                response.getOutputStream().write(NOT_BUILT.getBytes(StandardCharsets.UTF_8));
            } else {
                chain.doFilter(request, response);
            }
        }
    }

    /// The file that a request is for; empty when it is not for a page.
    private static Optional<String> name(HttpServletRequest request) {
        String path = request.getRequestURI();
        boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        if (!reads
                || DATA.stream()
                        .anyMatch(data ->
                                path.equals(data) || path.startsWith(data + "/") || (data + ".json").equals(path))) {
            return Optional.empty();
        }
        if (path.equals(SecurityHeaders.WIDGET)) {
            return Optional.of(WIDGET_PAGE);
        }
        if (FILE.matcher(path).matches()) {
            return Optional.of(path);
        }
        String accepted = request.getHeader("Accept");
        boolean page = accepted != null && accepted.contains("text/html");
        return page ? Optional.of(START_PAGE) : Optional.empty();
    }

    private boolean send(String name, HttpServletRequest request, HttpServletResponse response) throws IOException {
        URL plain = files.getResource(ROOT + name);
        if (plain == null) {
            return false;
        }
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        response.setContentType(TYPES.getOrDefault(ending, "application/octet-stream"));
        response.setHeader(
                "Cache-Control", name.startsWith(ASSETS) ? "public, max-age=31536000, immutable" : "no-cache");
        response.setHeader("Vary", "Accept-Encoding");
        Variant variant = variant(name, plain, request.getHeader("Accept-Encoding"));
        if (variant.coding() != null) {
            response.setHeader("Content-Encoding", variant.coding());
        }
        URLConnection file = variant.file().openConnection();
        file.setUseCaches(false);
        try (InputStream content = file.getInputStream()) {
            response.setContentLengthLong(file.getContentLengthLong());
            if (!request.getMethod().equals("HEAD")) {
                content.transferTo(response.getOutputStream());
            }
        }
        return true;
    }

    private record Variant(URL file, @Nullable String coding) {}

    private Variant variant(String name, URL plain, @Nullable String accepted) {
        if (accepted != null) {
            URL brotli = accepted.contains("br") ? files.getResource(ROOT + name + ".br") : null;
            if (brotli != null) {
                return new Variant(brotli, "br");
            }
            URL gzip = accepted.contains("gzip") ? files.getResource(ROOT + name + ".gz") : null;
            if (gzip != null) {
                return new Variant(gzip, "gzip");
            }
        }
        return new Variant(plain, null);
    }
}
