package dev.steward.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `steward chat`: one question, or a conversation.
@Command(
        name = "chat",
        description = "Talk with the assistant: one question, or without one a conversation.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "The answer is printed as it comes; into a file or a pipe, when it is whole.",
            "Ctrl-C stops the answer, a second one leaves. If the connection breaks or the server",
            "restarts, the answer goes on by itself.",
            "",
            "Exit codes: 0 answered, 1 no whole answer, 69 no server, 77 not signed in, 130 stopped."
        })
final class ChatCommand implements Callable<Integer> {

    /// A question is at most 10,000 characters; what is far longer is not read at all.
    private static final int INPUT_BYTES_MAX = 1 << 20;

    private static final String LAST_FILE = "last-conversation";

    private final Console console;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Parameters(paramLabel = "MESSAGE", arity = "0..*", description = "The question; - reads it from standard input.")
    private List<String> words = List.of();

    @Option(names = "--agent", paramLabel = "NAME", description = "Who is to answer: alpha, beta, … eta.")
    private @Nullable String agent;

    @Option(names = "--model", paramLabel = "BACKEND/MODEL", description = "Which model is to answer.")
    private @Nullable String model;

    @Option(names = "--conversation", paramLabel = "ID", description = "Go on with this conversation.")
    private @Nullable String conversation;

    @Option(
            names = {"-c", "--continue"},
            description = "Go on with the last conversation.")
    private boolean goOn;

    @Option(names = "--json", description = "Print the turn as one JSON object when it has ended.")
    private boolean json;

    ChatCommand(Console console) {
        this.console = requireNonNull(console, "console");
    }

    @Override
    public Integer call() throws IOException {
        String message = message();
        try (ServerClient client = server.connect(console)) {
            var chat = new Chat(client, console, this::remember, conversationId(), agent, model);
            if (message.isEmpty()) {
                return new Repl(chat, console).run();
            }
            return once(chat, message);
        }
    }

    private int once(Chat chat, String message) {
        boolean live = console.interactive() && !json;
        var liveView = new LiveView(console);
        Chat.Asked asked = chat.ask(message, live ? liveView : new QuietView(console));
        if (live) {
            liveView.end();
        } else if (json) {
            console.out().println(chat.turn(asked.turn()));
        } else if (asked.result() instanceof TurnResult.Completed(String answer)) {
            console.out().println(Printable.text(answer));
        }
        console.out().flush();
        return exitCode(asked.result(), console);
    }

    static int exitCode(TurnResult result, Console console) {
        return switch (result) {
            case TurnResult.Completed _ -> 0;
            case TurnResult.Cancelled _ -> CliException.INTERRUPTED;
            case TurnResult.Failed failed -> {
                console.error(failed.detail());
                yield CliException.FAILED;
            }
        };
    }

    /// From the arguments, else from a pipe; empty when a person is there and has said nothing yet.
    private String message() throws IOException {
        String typed = String.join(" ", words).strip();
        if (!typed.isEmpty() && !typed.equals("-")) {
            return typed;
        }
        if (typed.isEmpty() && console.interactive()) {
            return "";
        }
        byte[] piped = console.in().readNBytes(INPUT_BYTES_MAX);
        String message = new String(piped, StandardCharsets.UTF_8).strip();
        if (message.isEmpty()) {
            throw new CliException(CliException.USAGE, "there is no question. Write: steward chat \"…\"");
        }
        return message;
    }

    private String conversationId() throws IOException {
        if (conversation != null) {
            return conversation;
        }
        Path last = console.configDirectory().resolve(LAST_FILE);
        if (goOn && !Files.exists(last)) {
            throw new CliException(CliException.USAGE, "there is no conversation to go on with; begin one");
        }
        return goOn ? Files.readString(last).strip() : "";
    }

    private void remember(String id) {
        try {
            Files.createDirectories(console.configDirectory());
            Files.writeString(console.configDirectory().resolve(LAST_FILE), id);
        } catch (IOException e) {
            console.note("The conversation's id could not be kept for --continue; it is " + id);
        }
    }
}
