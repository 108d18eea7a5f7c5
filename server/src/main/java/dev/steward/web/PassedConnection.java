package dev.steward.web;

import static java.util.Objects.requireNonNull;

import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.time.Duration;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SSLSupport;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/// A connection that is no longer HTTP's: the head of an answer has been sent on it, and one writer sends the rest.
///
/// Tomcat's way of changing a connection's protocol, without the status 101: request, response and their buffers,
/// 100 KiB and more, are free while the answer goes on. What the client still sends is taken and ignored; that it
/// closes its side is noticed at once. Only the writer ends the connection, so no buffer is taken from under it.
abstract class PassedConnection implements InternalHttpUpgradeHandler {

    private static final int IGNORED_BYTES = 256;

    private final Duration writeMax;
    private volatile @Nullable SocketWrapperBase<?> socket;
    private volatile boolean over;

    /// @param writeMax how long one write may wait for the client
    PassedConnection(Duration writeMax) {
        this.writeMax = requireNonNull(writeMax, "writeMax");
    }

    /// The connection is this object's from now on. Called once, unless [#lost] was called; must return soon.
    abstract void begin();

    /// Nobody is there any more. Called by any thread, perhaps more than once, perhaps without [#begin].
    abstract void lost();

    /// Sends all of it; waits as long as the client takes.
    ///
    /// @throws IOException the client is gone, or took nothing for too long
    void write(byte[] bytes) throws IOException {
        SocketWrapperBase<?> to = requireNonNull(socket, "begun");
        to.write(true, bytes, 0, bytes.length);
        to.flush(true);
    }

    /// Ends the connection. Called by the writer, after its last write.
    void close() {
        over = true;
        // By Tomcat's own hand, after whatever it does with this connection at the moment.
        requireNonNull(socket, "begun").processSocket(SocketEvent.DISCONNECT, true);
    }

    @Override
    public final void setSocketWrapper(SocketWrapperBase<?> wrapper) {
        wrapper.setWriteTimeout(writeMax.toMillis());
        socket = wrapper;
    }

    @Override
    public final void init(WebConnection connection) {
        begin();
    }

    @Override
    public final SocketState upgradeDispatch(SocketEvent event) {
        if (over) {
            return SocketState.CLOSED;
        }
        if (event == SocketEvent.OPEN_WRITE || (event == SocketEvent.OPEN_READ && isThere())) {
            return SocketState.UPGRADED;
        }
        lost();
        return SocketState.SUSPENDED;
    }

    private boolean isThere() {
        byte[] ignored = new byte[IGNORED_BYTES];
        SocketWrapperBase<?> from = requireNonNull(socket, "begun");
        try {
            int read = from.read(false, ignored, 0, ignored.length);
            while (read > 0) {
                read = from.read(false, ignored, 0, ignored.length);
            }
            return read == 0;
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public final void destroy() {
        lost();
    }

    @Override
    public final void timeoutAsync(long now) {
        // Silence is no fault: the writer keeps its own time.
    }

    @Override
    public final void setSslSupport(SSLSupport support) {
        // Nobody asks for it.
    }

    @Override
    public final void pause() {
        // The server's stop ends every stream by itself.
    }
}
