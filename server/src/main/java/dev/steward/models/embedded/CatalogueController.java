package dev.steward.models.embedded;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Page;
import dev.steward.base.Permission;
import dev.steward.base.Wording;
import dev.steward.base.Wording.Phrase;
import dev.steward.web.Endpoint;
import dev.steward.web.Endpoint.Idempotency;
import dev.steward.web.Endpoint.RateClass;
import dev.steward.web.Listing;
import dev.steward.web.PageRequest;
import io.swagger.v3.oas.annotations.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// The catalogue of models that can be installed, and how far each is.
@RestController
@RequestMapping("/api/v1/models/catalogue")
final class CatalogueController {

    private final ModelLibrary library;

    CatalogueController(ModelLibrary library) {
        this.library = requireNonNull(library, "library");
    }

    /// Best first, unless they are to be by id.
    @Operation(summary = "The models that Steward can install")
    @GetMapping
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Page<View> list(@Listing(sorts = {"position", "id"}) PageRequest page) {
        List<View> all = library.list().stream().map(View::of).toList();
        List<String> order = all.stream().map(View::id).toList();
        return page.of(
                all, view -> page.sort().equals("id") ? view.id() : String.format("%04d", order.indexOf(view.id())));
    }

    @Operation(summary = "One model of the catalogue, with the state of its installation")
    @GetMapping("/{id}")
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    View get(@PathVariable String id) {
        return View.of(library.get(id));
    }

    /// Installs in the background; asking again changes nothing.
    @Operation(summary = "Install a model of the catalogue in the background")
    @PostMapping("/{id}/install")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Endpoint(permission = Permission.OPERATE, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    View install(@PathVariable String id) {
        return View.of(library.install(id));
    }

    /// Stops the installation and deletes the file; the entry of the catalogue stays.
    @Operation(summary = "Delete an installed model from the disk")
    @DeleteMapping("/{id}/install")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Endpoint(permission = Permission.OPERATE, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    void remove(@PathVariable String id) {
        library.remove(id);
    }

    /// A model on the wire.
    ///
    /// @param state `absent`, `waiting`, `installing` or `installed`
    /// @param words what `message` is made of, for those who say it in another language; empty: in English only
    record View(
            String id,
            String displayName,
            long bytes,
            String sha256,
            String licence,
            String languages,
            String notes,
            long memoryBytes,
            String state,
            @Nullable Progress progress,
            String message,
            List<Phrase> words) {

        static View of(ModelEntry entry) {
            return new View(
                    entry.id(),
                    entry.displayName(),
                    entry.bytes(),
                    entry.sha256(),
                    entry.licence(),
                    entry.languages(),
                    entry.notes(),
                    entry.memoryBytes(),
                    entry.state().wire(),
                    entry.progress().map(Progress::of).orElse(null),
                    entry.message(),
                    Wording.read(entry.message()).phrases());
        }
    }

    /// @param leftMs how long it will take if it goes on like this; null until that can be said
    record Progress(
            long bytes,
            long bytesTotal,
            int percent,
            long bytesPerSecond,
            @Nullable Long leftMs,
            String source) {

        static Progress of(InstallProgress progress) {
            return new Progress(
                    progress.bytes(),
                    progress.bytesTotal(),
                    progress.percent(),
                    progress.bytesPerSecond(),
                    progress.left().map(java.time.Duration::toMillis).orElse(null),
                    progress.source());
        }
    }
}
