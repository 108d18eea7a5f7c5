package dev.steward.models.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steward.base.StewardException;
import dev.steward.testing.Eventually;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelLibraryTest {

    private static final byte[] WEIGHTS = "weights".getBytes(StandardCharsets.UTF_8);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final AtomicBoolean dead = new AtomicBoolean();
    private final CountDownLatch stuck = new CountDownLatch(1);
    private final AtomicBoolean hangs = new AtomicBoolean();

    @Test
    void installingGoesOnInTheBackgroundUntilItSucceeds() throws Exception {
        dead.set(true);
        try (ModelLibrary library = library()) {
            library.install("m");
            Eventually.until(
                    "the failure is told", () -> library.get("m").message().contains("no way"));

            dead.set(false);

            Eventually.until("it is installed", () -> library.get("m").state() == ModelEntry.State.INSTALLED);
            Eventually.until("the request is fulfilled", () -> !Files.exists(directory.resolve("m.wanted")));
        }
    }

    @Test
    void aRequestOutlivesTheProcess() throws Exception {
        dead.set(true);
        try (ModelLibrary first = library()) {
            first.install("m");
        }
        dead.set(false);
        try (ModelLibrary second = library()) {
            second.start();

            Eventually.until("it is installed", () -> second.get("m").state() == ModelEntry.State.INSTALLED);
        }
    }

    @Test
    void askingTwiceIsAskingOnce() throws Exception {
        try (ModelLibrary library = library()) {
            library.install("m");
            Eventually.until("it is installed", () -> library.get("m").state() == ModelEntry.State.INSTALLED);

            assertThat(library.install("m").state()).isEqualTo(ModelEntry.State.INSTALLED);
        }
    }

    @Test
    void removingStopsAnInstallation() throws Exception {
        hangs.set(true);
        try (ModelLibrary library = library()) {
            library.install("m");
            Eventually.until("it is being fetched", () -> library.get("m").state() == ModelEntry.State.INSTALLING);

            library.remove("m");

            assertThat(library.get("m").state()).isEqualTo(ModelEntry.State.ABSENT);
        }
        assertThat(directory.resolve("m.wanted")).doesNotExist();
        assertThat(directory.resolve("m.partial")).doesNotExist();
    }

    @Test
    void anUnknownModelIsNamedWithTheKnownOnes() throws Exception {
        try (ModelLibrary library = library()) {
            assertThatThrownBy(() -> library.install("x"))
                    .isInstanceOf(StewardException.class)
                    .hasMessageContaining("it has m");
        }
    }

    @Test
    void littleMemoryMeansASmallerModelAndVeryLittleNone() {
        Catalogue catalogue = Catalogue.shipped();
        long gigabyte = 1024L * 1024 * 1024;

        assertThat(catalogue
                        .choice(OptionalLong.of(8 * gigabyte), Long.MAX_VALUE)
                        .orElseThrow()
                        .id())
                .isEqualTo("qwen2.5-coder-1.5b");
        assertThat(catalogue
                        .choice(OptionalLong.of(2 * gigabyte), Long.MAX_VALUE)
                        .orElseThrow()
                        .id())
                .isEqualTo("qwen2.5-coder-0.5b");
        assertThat(catalogue.choice(OptionalLong.of(gigabyte / 2), Long.MAX_VALUE))
                .isEmpty();
        assertThat(catalogue
                        .choice(OptionalLong.of(8 * gigabyte), gigabyte)
                        .orElseThrow()
                        .id())
                .isEqualTo("qwen2.5-coder-0.5b");
    }

    private ModelLibrary library() throws Exception {
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(WEIGHTS));
        var model = new CatalogueModel(
                "m",
                "M",
                WEIGHTS.length,
                hash,
                "Apache-2.0",
                "",
                "",
                1,
                List.of(new ModelSource.LocalFile(Path.of("/somewhere"))));
        SourceReader source = (_, _, _) -> {
            if (hangs.get()) {
                stuck.await();
            }
            if (dead.get()) {
                throw new IOException("no way there");
            }
            return new SourceReader.Opened(new ByteArrayInputStream(WEIGHTS), 0);
        };
        var installer = new ModelInstaller(directory, source, _ -> Long.MAX_VALUE);
        return new ModelLibrary(new Catalogue(List.of(model)), installer, directory, Duration.ofMillis(20));
    }
}
