package dev.steward.web;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Principal;
import java.time.Duration;

/// A controller's answer that is a stream of server-sent events (`text/event-stream`).
///
/// Written by a virtual thread with blocking writes. A comment goes out every [#HEARTBEAT] when nothing else does; a
/// reader that takes nothing for [#WRITE_TIMEOUT] is cut off; the stream ends when its feed ends, the
/// caller's credential is revoked, or the server stops. The client comes back with `Last-Event-ID`.
/// Source: WHATWG HTML, section 9.2.
///
/// @param feed      closed when the stream is over
/// @param principal whose stream it is
public record EventStream(EventFeed feed, Principal principal) {

    /// Shorter than the idle time of common proxies (30 to 60 s).
    public static final Duration HEARTBEAT = Duration.ofSeconds(15);

    /// How long one write may wait for a reader; the connection's write timeout.
    public static final Duration WRITE_TIMEOUT = Duration.ofSeconds(30);

    public EventStream {
        requireNonNull(feed, "feed");
        requireNonNull(principal, "principal");
    }
}
