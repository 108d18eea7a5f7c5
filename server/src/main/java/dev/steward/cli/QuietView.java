package dev.steward.cli;

import static java.util.Objects.requireNonNull;

/// Prints nothing of the answer before it is whole: a program that reads it gets no text that becomes void.
final class QuietView implements AnswerView {

    private final Console console;

    QuietView(Console console) {
        this.console = requireNonNull(console, "console");
    }

    @Override
    public void token(String text) {}

    @Override
    public void reset(int offset) {}

    @Override
    public void note(String message) {
        console.note(message);
    }
}
