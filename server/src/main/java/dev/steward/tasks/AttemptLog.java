package dev.steward.tasks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// What one attempt has told, until it is written. Safe for use by many threads.
final class AttemptLog {

    /// Lines that one attempt may write; the last tells that there were more. Who needs more has files for it.
    static final int LINES_MAX = 200;

    /// Characters of one line.
    static final int LINE_MAX = 1000;

    private static final String REST_LEFT_OUT = "… further lines are left out.";

    private final List<Line> lines = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private int written;

    /// A line.
    ///
    /// @param place   from 0
    /// @param atNanos by [System#nanoTime]
    record Line(int place, long atNanos, String text) {}

    void add(String text, long nowNanos) {
        lock.lock();
        try {
            if (lines.size() < LINES_MAX) {
                String kept = lines.size() == LINES_MAX - 1 ? REST_LEFT_OUT : storable(text);
                lines.add(new Line(lines.size(), nowNanos, kept));
            }
        } finally {
            lock.unlock();
        }
    }

    /// Cut where it is too long, never within a character; control characters become spaces.
    private static String storable(String text) {
        int end = Math.min(text.length(), LINE_MAX);
        if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        var kept = new StringBuilder(end);
        text.substring(0, end).codePoints().forEach(c -> kept.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
        return kept.toString();
    }

    /// Those that are not written yet.
    List<Line> unwritten() {
        lock.lock();
        try {
            return List.copyOf(lines.subList(written, lines.size()));
        } finally {
            lock.unlock();
        }
    }

    /// These are written now.
    void wrote(List<Line> done) {
        lock.lock();
        try {
            if (!done.isEmpty()) {
                written = Math.max(written, done.getLast().place() + 1);
            }
        } finally {
            lock.unlock();
        }
    }
}
