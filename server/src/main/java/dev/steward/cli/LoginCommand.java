package dev.steward.cli;

import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `steward login`: trades a password for an API key of this terminal and keeps the key. The password is kept nowhere.
@Command(
        name = "login",
        description = "Sign in at a server; the key is kept in a file that only you can read.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "On the machine that runs the server, whoever may read its data directory needs no sign-in.",
            "Without a terminal: e-mail and password are read as two lines from standard input."
        })
final class LoginCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Option(names = "--email", paramLabel = "ADDRESS", description = "Your e-mail address.")
    private @Nullable String email;

    @Option(
            names = "--register",
            description = "Create the account first; a server's first account is its administrator.")
    private boolean register;

    @Option(names = "--key", description = "Read an API key from standard input instead of signing in.")
    private boolean key;

    LoginCommand(Console console) {
        this.console = requireNonNull(console, "console");
    }

    @Override
    public Integer call() throws IOException {
        URI base = server.base(console);
        var lines = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
        Credentials.Entry entry = key ? new Credentials.Entry(line(lines, "API key: "), "") : signIn(base, lines);
        try (var client = new ServerClient(base, Optional.of(entry.key()), console)) {
            JsonNode me = client.get("api/v1/me");
            var credentials = new Credentials(console.configDirectory());
            credentials.store(base, entry);
            console.out()
                    .println("Signed in at " + base + " as "
                            + Printable.line(me.path("email").asString("?")) + ". The key is in " + credentials.file());
            console.out().flush();
            return 0;
        }
    }

    private Credentials.Entry signIn(URI base, BufferedReader lines) throws IOException {
        String address = email == null ? line(lines, "E-mail: ") : email;
        String password = password(lines);
        Map<String, String> body = new LinkedHashMap<>(Map.of("email", address, "password", password));
        if (register) {
            body.put("display_name", address.substring(0, Math.max(1, address.indexOf('@'))));
        }
        JsonNode session;
        try (var client = new ServerClient(base, Optional.empty(), console)) {
            session = client.post(register ? "api/v1/auth/register" : "api/v1/auth/login", body);
        } catch (CliException e) {
            throw e.exitCode() == CliException.NOT_SIGNED_IN
                    ? new CliException(CliException.NOT_SIGNED_IN, "e-mail and password don't fit; try again")
                    : e;
        }
        String access = session.path("access_token").asString("");
        try (var client = new ServerClient(base, Optional.of(access), console)) {
            Map<String, Object> wanted = Map.of(
                    "name",
                    "Terminal on " + machine(),
                    "scopes",
                    scopes(session.path("user").path("role").asString("")));
            JsonNode made = client.post("api/v1/api-keys", wanted);
            client.post("api/v1/auth/logout", Map.of());
            return new Credentials.Entry(
                    made.path("key").asString(""), made.path("id").asString(""));
        }
    }

    /// All that the account may do: the terminal is the person.
    private static List<String> scopes(String role) {
        return switch (role.toLowerCase(Locale.ROOT)) {
            case "admin" -> List.of("self", "read", "chat", "operate", "administer");
            case "operator" -> List.of("self", "read", "chat", "operate");
            case "user" -> List.of("self", "read", "chat");
            default -> List.of("self", "read");
        };
    }

    private String line(BufferedReader lines, String prompt) throws IOException {
        if (console.interactive()) {
            console.err().print(prompt);
            console.err().flush();
        }
        String line = lines.readLine();
        if (line == null || line.isBlank()) {
            throw new CliException(CliException.USAGE, "nothing was entered");
        }
        return line.strip();
    }

    /// Not shown while it is typed.
    @SuppressWarnings("SystemConsoleNull") // with JDK 25 it is null again when nobody is there (JDK-8351435)
    private String password(BufferedReader lines) throws IOException {
        var terminal = System.console();
        if (!console.interactive() || terminal == null) {
            return line(lines, "");
        }
        char[] typed = terminal.readPassword("Password: ");
        if (typed == null || typed.length == 0) {
            throw new CliException(CliException.USAGE, "nothing was entered");
        }
        return new String(typed);
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "this machine";
        }
    }
}
