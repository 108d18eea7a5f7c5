package dev.steward.tasks;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Remembers of which types something due may wait in the table, so that what is accepted only now starts at once
/// when it overtakes nothing. Errs to the safe side: a type is forgotten only when a claim that began after the last
/// word of it found less than it had room for. Safe for use by many threads.
final class WaitingTypes {

    private final Map<String, Long> noted = new ConcurrentHashMap<>();
    private final AtomicLong notes = new AtomicLong();

    /// Something of this type may wait now.
    void note(String type) {
        noted.put(type, notes.incrementAndGet());
    }

    boolean mayWait(String type) {
        return noted.containsKey(type);
    }

    /// What is known before a claim, for [#foundAll].
    Map<String, Long> before() {
        return Map.copyOf(noted);
    }

    /// A claim that began after `before` found everything due of these types.
    void foundAll(Collection<String> types, Map<String, Long> before) {
        for (String type : types) {
            Long note = before.get(type);
            if (note != null) {
                noted.remove(type, note); // Unless there was word of it meanwhile.
            }
        }
    }
}
