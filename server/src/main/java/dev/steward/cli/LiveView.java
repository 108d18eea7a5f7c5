package dev.steward.cli;

import static java.util.Objects.requireNonNull;

/// Prints each word as it comes, for a person at a terminal.
final class LiveView implements AnswerView {

    private final Console console;
    private boolean midLine;

    LiveView(Console console) {
        this.console = requireNonNull(console, "console");
    }

    @Override
    public void token(String text) {
        String shown = Printable.text(text);
        if (!shown.isEmpty()) {
            console.out().print(shown);
            console.out().flush();
            midLine = !shown.endsWith("\n");
        }
    }

    /// What is on the screen can't be taken back, so it says so.
    @Override
    public void reset(int offset) {
        note(offset == 0 ? "The answer begins anew:" : "The last part is written anew:");
    }

    @Override
    public void note(String message) {
        end();
        console.note(message);
    }

    /// Begins a line of its own for what follows.
    void end() {
        if (midLine) {
            console.out().println();
            console.out().flush();
            midLine = false;
        }
    }
}
