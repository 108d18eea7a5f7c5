package dev.steward.web;

import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Processor;
import org.apache.coyote.UpgradeToken;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/// Tomcat's HTTP/1.1, able to tell whether the client of a request in progress has hung up, and how many requests are
/// in progress until their answers' last bytes are written.
///
/// The Servlet API has no way to ask. A peek at the connection answers it: what a client sends ahead lands in Tomcat's
/// own read buffer, where the next request finds it; an end of stream means that nobody waits any more.
public final class WatchedHttp11Protocol extends Http11NioProtocol {

    /// Where each coyote request keeps its [Connection]; note 1 is Tomcat's own.
    static final int NOTE = 9;

    private AtomicInteger underway = new AtomicInteger();

    /// Counts requests in progress in `counter`, from their first byte to their answer's last. Called before the start.
    void countIn(AtomicInteger counter) {
        underway = counter;
    }

    @Override
    protected Processor createProcessor() {
        return new WatchedProcessor(this);
    }

    /// The connection that a request came by.
    interface Connection {

        /// Whether the client has closed its side. Must not be called once the request is finished.
        boolean hungUp();

        /// Gives the connection to `next` for good, once the request's thread has returned. The answer ends with what
        /// has been flushed of it; `next` writes the rest.
        void passOn(PassedConnection next);
    }

    private static final class WatchedProcessor extends Http11Processor implements Connection {

        private final AtomicInteger underway;
        private @Nullable PassedConnection next;

        WatchedProcessor(WatchedHttp11Protocol protocol) {
            super(protocol, protocol.getAdapter());
            underway = protocol.underway;
            getRequest().setNote(NOTE, this);
        }

        @Override
        public SocketState service(SocketWrapperBase<?> socket) throws IOException {
            underway.incrementAndGet();
            SocketState state = SocketState.CLOSED;
            try {
                state = super.service(socket);
                // A server that stops would close a connection here that has a successor waiting for it.
                if (next != null && !getErrorState().isError()) {
                    state = SocketState.UPGRADING;
                }
                return state;
            } finally {
                if (next != null && state != SocketState.UPGRADING) {
                    next.lost();
                }
                next = null;
                underway.decrementAndGet();
            }
        }

        @Override
        public void passOn(PassedConnection successor) {
            next = successor;
            action(ActionCode.UPGRADE, new UpgradeToken(successor, null, null, "event-stream"));
        }

        @Override
        public boolean hungUp() {
            SocketWrapperBase<?> socket = getSocketWrapper();
            if (socket == null || socket.isClosed()) {
                return true;
            }
            try {
                socket.isReadyForRead();
                return false;
            } catch (EOFException _) {
                return true;
            } catch (IOException _) {
                // A reset connection is as gone as a closed one.
                return true;
            }
        }
    }
}
