package dev.steward.models.embedded;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.regex.Pattern;

/// A model that can be installed.
///
/// @param id          names it in settings and on the command line
/// @param bytes       size of the file
/// @param sha256      of the file, lower-case hex; whatever a source gives is thrown away unless it has this hash
/// @param licence     SPDX id of the weights' licence
/// @param memoryBytes free memory that it should find when it is loaded
/// @param sources     where the file can be had, first choice first; all of them give the same bytes
record CatalogueModel(
        String id,
        String displayName,
        long bytes,
        String sha256,
        String licence,
        String languages,
        String notes,
        long memoryBytes,
        List<ModelSource> sources) {

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    CatalogueModel {
        requireNonNull(displayName, "displayName");
        requireNonNull(licence, "licence");
        requireNonNull(languages, "languages");
        requireNonNull(notes, "notes");
        sources = List.copyOf(sources);
        if (!ID.matcher(id).matches() || !SHA256.matcher(sha256).matches() || bytes < 1 || memoryBytes < 1) {
            throw new IllegalArgumentException("catalogue entry " + id + " is malformed");
        }
    }

    /// The same model with further sources behind its own.
    CatalogueModel with(List<ModelSource> more) {
        List<ModelSource> all = new java.util.ArrayList<>(sources);
        all.addAll(more);
        return new CatalogueModel(id, displayName, bytes, sha256, licence, languages, notes, memoryBytes, all);
    }
}
