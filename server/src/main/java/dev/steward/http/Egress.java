package dev.steward.http;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Saying;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.core5.http.Header;

/// The way out to addresses that users name: webhooks, pages, http tasks (SEC-8).
///
/// The URL is read in one way only; its host is looked up once, every address is checked against the
/// special-purpose ranges, the connection goes to a checked address and is checked again. No redirects, cookies,
/// unpacking, retries or proxies; size and time are bounded. What the operator allows in `egress.allow` is
/// reachable, too. Every request has a connection of its own. Safe for use by many threads.
public final class Egress implements AutoCloseable {

    private static final int CHUNK_BYTES = 8_192;

    private final Connections connections;

    public Egress(EgressConfig config) {
        this(config, NameService.system(AddressPolicy.LOOK_UP_MAX));
    }

    Egress(EgressConfig config, NameService names) {
        this.connections = new Connections(new AddressPolicy(config, names));
    }

    /// Sends a request and reads the whole answer.
    ///
    /// @throws EgressException      no usable answer; its kind says why
    /// @throws InterruptedException if the caller was interrupted; the connection is ended
    public FetchResponse fetch(FetchRequest request) throws InterruptedException {
        Target target = target(request);
        EgressCall call = call(request, target);
        var over = new CountDownLatch(1);
        var late = new AtomicBoolean();
        Thread watch = Thread.ofVirtual()
                .name("egress-deadline")
                .start(() -> cancelAfter(call, request.timeout(), over, late));
        try (call) {
            call.send();
            return new FetchResponse(call.status(), headers(call), read(call, request.answerBytesMax()));
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw (InterruptedException) new InterruptedException("interrupted while fetching").initCause(e);
            }
            throw failure(e, late.get());
        } finally {
            over.countDown();
            watch.interrupt();
        }
    }

    /// Looks at a request as [#fetch] would, without asking anybody: to refuse it early, where it is typed in.
    ///
    /// @throws EgressException `URL_REFUSED` or `REQUEST_REFUSED`, saying what would pass
    public static void check(FetchRequest request) {
        requireNonNull(target(request), "target");
    }

    @Override
    public void close() {
        connections.close();
    }

    private static Target target(FetchRequest request) {
        if (!FetchRequest.METHODS.contains(request.method())) {
            throw refused("the method must be one of "
                    + String.join(", ", FetchRequest.METHODS.stream().sorted().toList()));
        }
        EgressBody body = request.body();
        if (body != null && body.length() > FetchRequest.BODY_BYTES_MAX) {
            throw refused("the body is longer than " + FetchRequest.BODY_BYTES_MAX + " bytes");
        }
        Headers.check(request.headers());
        return Target.parse(request.url());
    }

    private EgressCall call(FetchRequest request, Target target) {
        Map<String, String> headers = new HashMap<>(request.headers());
        headers.keySet().removeIf(name -> name.equalsIgnoreCase("accept-encoding"));
        headers.put("Accept-Encoding", "identity");
        if (headers.keySet().stream().noneMatch(name -> name.equalsIgnoreCase("user-agent"))) {
            headers.put("User-Agent", "Steward");
        }
        return new EgressCall(
                connections,
                new EgressAddress(target, headers),
                request.method(),
                Map.of(),
                request.body(),
                request.timeout(),
                request.timeout());
    }

    private static void cancelAfter(EgressCall call, Duration timeout, CountDownLatch over, AtomicBoolean late) {
        try {
            if (!over.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                late.set(true);
                call.cancel();
            }
        } catch (InterruptedException _) {
            // The exchange is over.
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] read(EgressCall call, int bytesMax) throws IOException {
        var out = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK_BYTES];
        InputStream body = call.body();
        for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
            if (out.size() + count > bytesMax) {
                throw new EgressException(
                        EgressException.Kind.TOO_LARGE, Saying.OTHER_SIDE_TOO_LONG.english(bytesMax), null);
            }
            out.write(chunk, 0, count);
        }
        return out.toByteArray();
    }

    private static Map<String, List<String>> headers(EgressCall call) {
        Map<String, List<String>> headers = new HashMap<>();
        for (Header header : call.headers()) {
            headers.computeIfAbsent(header.getName().toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                    .add(header.getValue() == null ? "" : header.getValue());
        }
        headers.replaceAll((_, values) -> List.copyOf(values));
        return headers;
    }

    private static EgressException failure(IOException e, boolean late) {
        if (late || e instanceof SocketTimeoutException) {
            return new EgressException(EgressException.Kind.TIMEOUT, Saying.OTHER_SIDE_TOO_SLOW.english(), e);
        }
        return switch (e) {
            case AddressRefusedException refused ->
                new EgressException(
                        EgressException.Kind.ADDRESS_REFUSED,
                        "The address was refused and nothing was sent: " + refused.getMessage()
                                + ". An operator can allow it in egress.allow.",
                        e);
            case UnknownHostException _ ->
                new EgressException(EgressException.Kind.NAME_UNKNOWN, Saying.OTHER_SIDE_UNKNOWN.english(), e);
            case MalformedAnswerException _ ->
                new EgressException(EgressException.Kind.PROTOCOL, Saying.OTHER_SIDE_NOT_HTTP.english(), e);
            default -> new EgressException(EgressException.Kind.CONNECTION, Saying.OTHER_SIDE_BROKE.english(), e);
        };
    }

    private static EgressException refused(String why) {
        return new EgressException(
                EgressException.Kind.REQUEST_REFUSED,
                "The request was refused and nothing was sent: " + why + ".",
                null);
    }
}
