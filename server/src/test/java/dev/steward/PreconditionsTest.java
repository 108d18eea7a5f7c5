package dev.steward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.steward.config.ConfigSources;
import dev.steward.config.ConfigSources.Flag;
import dev.steward.config.Configuration;
import dev.steward.config.LoadResult;
import dev.steward.config.Platform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreconditionsTest {

    private final Map<String, Flag> flags = new HashMap<>();

    @TempDir
    Path directory;

    @Test
    void theDataDirectoryIsMadeForItsOwnerOnly() throws IOException {
        set("home", "a/b");

        assertThatCode(() -> Preconditions.check(configuration())).doesNotThrowAnyException();

        Path home = directory.resolve("a/b");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home)))
                .isEqualTo("rwx------");
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void aDataDirectoryThatIsAFileIsAFaultOfTheConfiguration() throws IOException {
        Files.writeString(directory.resolve("file"), "");
        set("home", "file");

        assertThat(refusal().exitCode()).isEqualTo(StewardServer.CONFIGURATION);
        assertThat(refusal()).hasMessageContaining("file").hasMessageContaining("--home DIR");
    }

    @Test
    void aPortInUseIsFoundBeforeAnythingIsBuilt() throws IOException {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            set("http.port", String.valueOf(other.getLocalPort()));

            assertThat(refusal().exitCode()).isEqualTo(StewardServer.UNAVAILABLE);
            assertThat(refusal()).hasMessageContaining("port " + other.getLocalPort() + " is in use");
        }
    }

    @Test
    void anAddressOfAnotherMachineIsAFaultOfTheConfiguration() {
        set("http.host", "192.0.2.1");

        assertThat(refusal().exitCode()).isEqualTo(StewardServer.CONFIGURATION);
        assertThat(refusal()).hasMessageContaining("http.host");
    }

    private void set(String key, String value) {
        flags.put(key, new Flag("--test", value));
    }

    private StartException refusal() {
        return catchThrowableOfType(StartException.class, () -> Preconditions.check(configuration()));
    }

    private Configuration configuration() {
        flags.putIfAbsent("http.port", new Flag("--test", "0"));
        flags.putIfAbsent("home", new Flag("--test", "home"));
        var platform = new Platform("Linux", "me", directory);
        var sources = new ConfigSources(Optional.empty(), directory, Map.of(), flags, platform);
        return switch (StewardServer.configLoader().load(sources)) {
            case LoadResult.Loaded loaded -> loaded.configuration();
            case LoadResult.Refused refused ->
                throw new AssertionError(refused.faults().toString());
        };
    }
}
