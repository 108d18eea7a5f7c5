package dev.steward.assistant.dialogue;

import static java.util.Objects.requireNonNull;

import dev.steward.conversations.EventDraft;
import java.util.ArrayList;
import java.util.List;

/// An answer as it grows, and the events that are not written yet. The text always equals what was written before
/// plus the drafts, with resets applied.
///
/// Text from a model is made fit for storing: NUL and lone surrogates, which PostgreSQL refuses, become U+FFFD one
/// for one, so offsets stay right; half of a surrogate pair waits for the other half. For one thread.
final class AnswerText {

    /// Most characters in one `token` event: a gigantic token must not become a gigantic row.
    static final int TOKEN_CHARS_MAX = 4_096;

    private final StringBuilder text;
    private final StringBuilder pending = new StringBuilder();
    private final List<EventDraft> drafts = new ArrayList<>();
    private char held;

    /// @param said the text of the events that were written before
    AnswerText(String said) {
        this.text = new StringBuilder(said);
    }

    void append(String piece) {
        for (int i = 0; i < piece.length(); i++) {
            append(piece.charAt(i));
        }
    }

    /// Voids everything from `offset` on; one past the end changes nothing.
    void reset(int offset) {
        releaseHeld();
        int at = Math.clamp(offset, 0, text.length());
        if (at > 0 && at < text.length() && Character.isLowSurrogate(text.charAt(at))) {
            at--;
        }
        if (at < text.length()) {
            flushToken();
            text.setLength(at);
            drafts.add(EventDraft.reset(at));
        }
    }

    void note(EventDraft event) {
        flushToken();
        drafts.add(requireNonNull(event, "event"));
    }

    /// No text follows: a half pair that still waits is given up.
    void finish() {
        releaseHeld();
    }

    /// Characters and events that wait to be written.
    int pendingSize() {
        return pending.length() + drafts.size();
    }

    /// How far an answer of so many characters has come, 0 to 1, for a task's progress. Nobody knows how long an
    /// answer will be, so this only ever gets nearer to 1; near the longest answer ten more characters still count.
    static double progress(int length) {
        return 1 - 1 / (1 + length / 1000.0);
    }

    /// Takes the events that wait.
    List<EventDraft> drain() {
        flushToken();
        List<EventDraft> taken = List.copyOf(drafts);
        drafts.clear();
        return taken;
    }

    int length() {
        return text.length();
    }

    /// All of it, drafts included.
    String text() {
        return text.toString();
    }

    private void append(char c) {
        if (held != 0 && Character.isLowSurrogate(c)) {
            add(held);
            add(c);
            held = 0;
            return;
        }
        releaseHeld();
        if (Character.isHighSurrogate(c)) {
            held = c;
        } else {
            add(c == 0 || Character.isLowSurrogate(c) ? '\uFFFD' : c);
        }
    }

    private void releaseHeld() {
        if (held != 0) {
            held = 0;
            add('\uFFFD');
        }
    }

    private void add(char c) {
        text.append(c);
        pending.append(c);
    }

    private void flushToken() {
        int from = 0;
        while (from < pending.length()) {
            int to = Math.min(pending.length(), from + TOKEN_CHARS_MAX);
            if (to < pending.length() && Character.isLowSurrogate(pending.charAt(to))) {
                to--;
            }
            drafts.add(EventDraft.token(pending.substring(from, to)));
            from = to;
        }
        pending.setLength(0);
    }
}
