package dev.steward.cli;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `steward logout`: revokes this terminal's key and forgets it.
@Command(
        name = "logout",
        description = "Revoke this terminal's key at the server and forget it.",
        mixinStandardHelpOptions = true)
final class LogoutCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    LogoutCommand(Console console) {
        this.console = requireNonNull(console, "console");
    }

    @Override
    public Integer call() {
        URI base = server.base(console);
        var credentials = new Credentials(console.configDirectory());
        Optional<Credentials.Entry> entry = credentials.find(base);
        entry.ifPresent(known -> revoke(base, known));
        credentials.forget(base);
        console.out().println(entry.isPresent() ? "Signed out at " + base : "You were not signed in at " + base);
        console.out().flush();
        return 0;
    }

    /// Forgotten here in any case.
    private void revoke(URI base, Credentials.Entry entry) {
        if (entry.keyId().isEmpty()) {
            return;
        }
        try (var client = new ServerClient(base, Optional.of(entry.key()), console)) {
            client.delete("api/v1/api-keys/" + entry.keyId());
        } catch (CliException e) {
            console.note("The key is forgotten here, but could not be revoked: " + e.getMessage());
        }
    }
}
