package dev.steward.web;

import dev.steward.base.ErrorCode;
import dev.steward.base.FieldFault;
import dev.steward.base.Principal;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A request to the API as the rest of Steward sees it: its path always carries the version, and its body is read
/// once, whole, within a limit, and is sound text where it says that it is JSON. Used by one thread.
final class ApiRequest extends HttpServletRequestWrapper {

    static final String UNVERSIONED = "/api";
    static final String CURRENT = "/api/v1";

    private static final Pattern VERSIONED = Pattern.compile("/api/v\\d+(/.*)?");

    private int bodyBytesMax = Endpoint.BODY_BYTES_MAX;
    private byte @Nullable [] body;

    ApiRequest(HttpServletRequest request) {
        super(request);
    }

    /// Whether a path is for Spring's controllers; the gateway reads its own requests.
    static boolean isForControllers(String path) {
        return !path.startsWith("/v1/") && !path.equals("/v1");
    }

    static boolean isApi(String path) {
        return path.equals(UNVERSIONED) || path.startsWith(UNVERSIONED + "/");
    }

    /// Sets how long the body may be; called before it is read.
    ///
    /// @throws StewardException 413 when the caller has announced a longer one
    void limitBody(int bytesMax) {
        bodyBytesMax = bytesMax;
        if (getContentLengthLong() > bytesMax) {
            throw tooLarge();
        }
    }

    /// The whole body.
    ///
    /// @throws StewardException 413 when it is longer than its limit, 400 when it is JSON in broken UTF-8
    byte[] body() throws IOException {
        byte[] read = body;
        if (read == null) {
            read = super.getInputStream().readNBytes(bodyBytesMax + 1);
            if (read.length > bodyBytesMax) {
                throw tooLarge();
            }
            if (isJson()) {
                JsonText.check(read);
            }
            body = read;
        }
        return read;
    }

    /// What Spring gives a controller method for a [dev.steward.base.Principal]; null when nobody is signed in,
    /// which only public endpoints see.
    @Override
    public @Nullable Principal getUserPrincipal() {
        return RequestContext.principal(this).orElse(null);
    }

    @Override
    public String getRequestURI() {
        return versioned(super.getRequestURI());
    }

    @Override
    public StringBuffer getRequestURL() {
        StringBuffer url = super.getRequestURL();
        String path = super.getRequestURI();
        return url.replace(url.length() - path.length(), url.length(), versioned(path));
    }

    @Override
    public String getServletPath() {
        return versioned(super.getServletPath());
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        return new BodyStream(body());
    }

    @Override
    public BufferedReader getReader() throws IOException {
        return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
    }

    private static String versioned(String path) {
        if (!isApi(path) || VERSIONED.matcher(path).matches()) {
            return path;
        }
        return CURRENT + path.substring(UNVERSIONED.length());
    }

    private boolean isJson() {
        String type = getContentType();
        return type != null && type.toLowerCase(Locale.ROOT).contains("json");
    }

    private StewardException tooLarge() {
        return new StewardException(
                ErrorCode.INVALID_INPUT,
                413,
                Saying.BODY_TOO_LONG.said(bodyBytesMax),
                null,
                List.of(new FieldFault("body", "length", "must have at most " + bodyBytesMax + " bytes")),
                null);
    }

    /// The body, once read, as a stream for Spring's converters.
    private static final class BodyStream extends ServletInputStream {

        private final ByteArrayInputStream bytes;

        BodyStream(byte[] body) {
            this.bytes = new ByteArrayInputStream(body);
        }

        @Override
        public int read() {
            return bytes.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            return bytes.read(into, offset, length);
        }

        @Override
        public boolean isFinished() {
            return bytes.available() == 0;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new UnsupportedOperationException("the body is read at once");
        }
    }
}
