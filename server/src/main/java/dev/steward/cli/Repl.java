package dev.steward.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/// A conversation at the terminal: a line is a message, a line that begins with `/` is for the terminal itself.
final class Repl {

    private static final int HISTORY_LINES = 1_000;
    private static final String HELP = """
            /new            begin a new conversation
            /agent NAME     who is to answer from now on; without a name: Steward decides
            /model NAME     which model answers from now on, as backend/model; without a name: Steward decides
            /help           this list
            /quit           leave (also Ctrl-D)
            A line that ends with \\ goes on in the next one. Ctrl-C stops an answer.""";

    private final Chat chat;
    private final Console console;

    Repl(Chat chat, Console console) {
        this.chat = requireNonNull(chat, "chat");
        this.console = requireNonNull(console, "console");
    }

    int run() throws IOException {
        try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
            LineReader reader = reader(terminal);
            console.note("Ask something. /help lists what else can be typed.");
            boolean go = true;
            while (go) {
                go = read(reader).map(this::handle).orElse(false);
            }
            return 0;
        }
    }

    /// Empty: the person leaves.
    private static Optional<String> read(LineReader reader) {
        try {
            return Optional.of(reader.readLine("> ").strip());
        } catch (UserInterruptException e) {
            // Ctrl-C on a line that was begun drops the line, on an empty one it leaves.
            return e.getPartialLine().isEmpty() ? Optional.empty() : Optional.of("");
        } catch (EndOfFileException e) {
            return Optional.empty();
        }
    }

    /// @return whether to go on
    private boolean handle(String line) {
        if (line.isEmpty()) {
            return true;
        }
        if (!line.startsWith("/")) {
            ask(line);
            return true;
        }
        String[] words = line.split("\\s+", 2);
        String argument = words.length > 1 ? words[1] : null;
        switch (words[0]) {
            case "/new" -> chat.startAnew();
            case "/agent" -> chat.agent(argument);
            case "/model" -> chat.model(argument);
            case "/help" -> HELP.lines().forEach(console::note);
            case "/quit", "/exit" -> {
                return false;
            }
            default -> console.note("There is no " + words[0] + "; /help lists what there is.");
        }
        return true;
    }

    /// A failed answer is no reason to leave.
    private void ask(String message) {
        var view = new LiveView(console);
        try {
            Chat.Asked asked = chat.ask(message, view);
            view.end();
            if (asked.result() instanceof TurnResult.Cancelled) {
                console.note("Stopped.");
            } else {
                ChatCommand.exitCode(asked.result(), console);
            }
        } catch (CliException e) {
            view.end();
            console.error(String.valueOf(e.getMessage()));
        }
    }

    private LineReader reader(Terminal terminal) {
        var parser = new DefaultParser();
        parser.setEscapeChars(null);
        parser.setQuoteChars(new char[0]);
        parser.setEofOnEscapedNewLine(true);
        Path history = console.configDirectory().resolve("history");
        return LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("steward")
                .parser(parser)
                .completer(new StringsCompleter("/new", "/agent", "/model", "/help", "/quit"))
                .variable(LineReader.HISTORY_FILE, history)
                .variable(LineReader.HISTORY_SIZE, HISTORY_LINES)
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, "… ")
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
    }
}
