package dev.steward.cli;

import dev.steward.ServerAddress;
import dev.steward.config.Configuration;
import dev.steward.config.LoadResult;
import dev.steward.config.ResolvedSetting;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Which server a command speaks to, and as whom.
///
/// The address: `--url`, `STEWARD_URL`, else that of the server that runs on the data directory, else the one that the
/// configuration on this machine gives. The key:
/// `STEWARD_TOKEN`, the one that `steward login` stored, else, for the server of this machine, the file that the server
/// wrote into its home for whoever may read it.
final class ServerOptions {

    /// Written by the server into its home, readable by its owner only.
    static final String LOCAL_TOKEN_FILE = "cli.token";

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The server (default: the one configured on this machine).")
    private @Nullable URI url;

    @Mixin
    private final Settings settings = new Settings();

    ServerClient connect(Console console) {
        URI base = base(console);
        return new ServerClient(base, token(console, base), console);
    }

    /// Whether a person named the server, rather than meaning the one of this machine.
    boolean named(Console console) {
        return url != null
                || !console.environment().getOrDefault("STEWARD_URL", "").isEmpty();
    }

    URI base(Console console) {
        if (url != null) {
            return withSlash(url);
        }
        String named = console.environment().getOrDefault("STEWARD_URL", "");
        return named.isEmpty() ? local(configuration(console)) : withSlash(URI.create(named));
    }

    private Optional<String> token(Console console, URI base) {
        String given = console.environment().getOrDefault("STEWARD_TOKEN", "");
        if (!given.isEmpty()) {
            return Optional.of(given);
        }
        return new Credentials(console.configDirectory())
                .find(base)
                .map(Credentials.Entry::key)
                .or(() -> localToken(console, base));
    }

    /// Only ever sent to this machine.
    private Optional<String> localToken(Console console, URI base) {
        Configuration configuration = configuration(console);
        if (!base.equals(local(configuration)) && !base.equals(configured(configuration))) {
            return Optional.empty();
        }
        Path file = configuration.home().path().resolve(LOCAL_TOKEN_FILE);
        try {
            return Files.isReadable(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    Configuration configuration(Console console) {
        return switch (settings.load(console)) {
            case LoadResult.Loaded loaded -> loaded.configuration();
            case LoadResult.Refused refused ->
                throw new CliException(
                        CliException.CONFIGURATION,
                        "the configuration has faults, first: "
                                + refused.faults().getFirst() + ". All: steward config check");
        };
    }

    /// Where the server of this data directory is, or would be.
    private static URI local(Configuration configuration) {
        return ServerAddress.of(configuration.home().path()).orElseGet(() -> configured(configuration));
    }

    private static URI configured(Configuration configuration) {
        String listening = setting(configuration, "http.host");
        boolean any = listening.equals("0.0.0.0") || listening.equals("::");
        String host = any ? "127.0.0.1" : listening;
        String port = setting(configuration, "http.port");
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/");
    }

    private static String setting(Configuration configuration, String key) {
        return configuration.settings().stream()
                .filter(setting -> setting.key().equals(key))
                .map(ResolvedSetting::value)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no setting " + key));
    }

    private static URI withSlash(URI uri) {
        if (uri.getScheme() == null || !uri.getScheme().startsWith("http") || uri.getHost() == null) {
            throw new CliException(CliException.USAGE, "the server's address must look like http://127.0.0.1:8080");
        }
        return uri.toString().endsWith("/") ? uri : URI.create(uri + "/");
    }
}
