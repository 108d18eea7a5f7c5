package dev.steward.models.embedded;

import dev.steward.config.Home;
import dev.steward.http.EgressPool;
import dev.steward.models.ModelsSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Builds the library of a home directory, for the server and for the terminal.
public final class ModelLibraries {

    private ModelLibraries() {}

    /// The model that is installed when nobody names one.
    public static String defaultModel() {
        return Catalogue.shipped().models().getFirst().id();
    }

    public static ModelLibrary of(Home home, ModelsSettings.Embedded settings, EgressPool egress) {
        Path directory = home.path().resolve("models");
        var sources = new Sources(Pip.ofThisMachine(), new WebDownload(egress));
        var installer = new ModelInstaller(directory, sources, ModelLibraries::freeBytes);
        return new ModelLibrary(catalogue(settings), installer, directory);
    }

    /// The shipped catalogue; the operator's addresses stand behind the sources of the model that the settings name, or
    /// of the default.
    private static Catalogue catalogue(ModelsSettings.Embedded settings) {
        Catalogue shipped = Catalogue.shipped();
        String chosen = settings.model().orElse(shipped.models().getFirst().id());
        List<ModelSource> more =
                settings.urls().stream().<ModelSource>map(ModelSource.Url::new).toList();
        return new Catalogue(shipped.models().stream()
                .map(m -> m.id().equals(chosen) ? m.with(more) : m)
                .toList());
    }

    private static long freeBytes(Path directory) {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
