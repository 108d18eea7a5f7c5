package dev.steward.assistant.dialogue;

/// The turn ended or another attempt has it: this one stops and changes nothing more.
final class TurnLostException extends Exception {

    private static final long serialVersionUID = 1L;

    TurnLostException() {
        super("the turn is not this attempt's any more");
    }
}
