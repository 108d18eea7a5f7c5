package dev.steward.models.embedded;

import static java.util.Objects.requireNonNull;

import dev.steward.http.EgressCall;
import dev.steward.http.EgressException;
import dev.steward.http.EgressPool;
import dev.steward.http.EgressRequest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/// Fetches a model's file from the web, going on in its middle where the server knows ranges.
///
/// Only https. The operator's own address may be on a private network; where it sends us from there may not.
final class WebDownload implements Sources.UrlDownload {

    /// Model hubs send to a content network, in one or two steps.
    static final int REDIRECTS_MAX = 5;

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private final EgressPool egress;

    WebDownload(EgressPool egress) {
        this.egress = requireNonNull(egress, "egress");
    }

    @Override
    public SourceReader.Opened open(URI url, long offset) throws IOException {
        URI at = url;
        try {
            egress.trust(url);
            for (int hop = 0; hop <= REDIRECTS_MAX; hop++) {
                if (!"https".equals(at.getScheme())) {
                    throw new IOException("only https addresses are fetched");
                }
                EgressCall call = egress.open(
                        new EgressRequest("GET", at, Map.of("Range", "bytes=" + offset + "-"), null, CONNECT, ANSWER));
                boolean handedOver = false;
                try {
                    call.send();
                    int status = call.status();
                    if (status == 200 || status == 206) {
                        call.readTimeout(SILENCE);
                        handedOver = true;
                        return new SourceReader.Opened(new Body(call), status == 206 ? offset : 0);
                    }
                    String location = call.header("location");
                    if (status / 100 != 3 || location == null) {
                        throw new IOException("the server answered with status " + status);
                    }
                    at = at.resolve(location);
                } finally {
                    if (!handedOver) {
                        call.cancel();
                        call.close();
                    }
                }
            }
        } catch (EgressException | IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
        throw new IOException("the server sent us on more than " + REDIRECTS_MAX + " times");
    }

    /// Ends the call with the stream.
    private static final class Body extends FilterInputStream {

        private final EgressCall call;

        Body(EgressCall call) throws IOException {
            super(call.body());
            this.call = call;
        }

        @Override
        public void close() {
            call.cancel();
            call.close();
        }
    }
}
