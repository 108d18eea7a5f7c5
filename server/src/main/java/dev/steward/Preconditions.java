package dev.steward;

import dev.steward.config.Configuration;
import dev.steward.web.HttpConfig;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// What is looked at before anything is built, so that the usual hindrances cost a tenth of a second and one sentence.
final class Preconditions {

    private Preconditions() {}

    static void check(Configuration configuration) throws StartException {
        home(configuration.home().path());
        var http = configuration.get(HttpConfig.class);
        port(http.host(), http.port());
    }

    /// The directory is made, readable for its owner only, and can be written.
    private static void home(Path home) throws StartException {
        try {
            if (!Files.isDirectory(home)) {
                Files.createDirectories(
                        home, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Path probe = Files.createTempFile(home, ".probe", "");
            Files.write(probe, new byte[4096]);
            Files.delete(probe);
        } catch (AccessDeniedException e) {
            throw homeFault(home, "can't be written: permission denied", e);
        } catch (FileAlreadyExistsException e) {
            throw homeFault(home, "is a file, not a directory", e);
        } catch (IOException e) {
            throw homeFault(home, "can't be written (" + e.getMessage() + ")", e);
        }
    }

    private static StartException homeFault(Path home, String what, IOException cause) {
        return new StartException(
                StewardServer.CONFIGURATION,
                "the data directory " + home + " " + what + ". Make it writable, or choose another: --home DIR",
                cause);
    }

    /// Another program on the port is found here and not after the database has started. It may still come in between:
    /// then the HTTP server finds it.
    private static void port(String host, int port) throws StartException {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (UnknownHostException e) {
            throw new StartException(
                    StewardServer.CONFIGURATION,
                    "http.host: there is no address \"" + host + "\"; 127.0.0.1 serves this machine only, 0.0.0.0 all",
                    e);
        } catch (BindException e) {
            throw bindFault(host, port, e);
        } catch (IOException e) {
            throw new StartException(
                    StewardServer.UNAVAILABLE, "can't listen on " + host + ":" + port + " (" + e.getMessage() + ")", e);
        }
    }

    private static StartException bindFault(String host, int port, BindException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("Cannot assign") || message.contains("Can't assign")) {
            return new StartException(
                    StewardServer.CONFIGURATION, "http.host: " + host + " is not an address of this machine", e);
        }
        if (message.contains("denied")) {
            return new StartException(
                    StewardServer.CONFIGURATION,
                    "http.port: this account may not listen on port " + port + "; choose one above 1023",
                    e);
        }
        return StartException.portInUse(port, e);
    }
}
