package dev.steward.models.embedded;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Optional;

/// A model of the catalogue and how far it is on this machine.
///
/// @param message for people: why it failed and when it is tried again; empty when all is well
public record ModelEntry(
        String id,
        String displayName,
        long bytes,
        String sha256,
        String licence,
        String languages,
        String notes,
        long memoryBytes,
        State state,
        Optional<InstallProgress> progress,
        String message) {

    /// Where a model is on its way to this machine.
    public enum State {
        ABSENT,
        /// Waits for another installation, or for the next try.
        WAITING,
        INSTALLING,
        INSTALLED;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public ModelEntry {
        requireNonNull(id, "id");
        requireNonNull(displayName, "displayName");
        requireNonNull(sha256, "sha256");
        requireNonNull(licence, "licence");
        requireNonNull(languages, "languages");
        requireNonNull(notes, "notes");
        requireNonNull(state, "state");
        requireNonNull(progress, "progress");
        requireNonNull(message, "message");
    }

    static ModelEntry of(CatalogueModel model, State state, Optional<InstallProgress> progress, String message) {
        return new ModelEntry(
                model.id(),
                model.displayName(),
                model.bytes(),
                model.sha256(),
                model.licence(),
                model.languages(),
                model.notes(),
                model.memoryBytes(),
                state,
                progress,
                message);
    }
}
