package dev.steward.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steward.base.Secret;
import dev.steward.base.StewardException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretSealTest {

    private static final Secret KEY = new Secret("sk-very-secret");

    @TempDir
    private Path home;

    private SecretSeal seal() {
        return new SecretSeal(home.resolve(SecretSeal.FILE));
    }

    @Test
    void whatIsSealedIsOpenedAfterARestart() {
        byte[] sealed = seal().seal(KEY, "server a");

        assertThat(seal().open(sealed, "server a")).contains(KEY);
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("very-secret");
    }

    @Test
    void theSameSecretIsSealedDifferentlyEachTime() {
        assertThat(seal().seal(KEY, "a")).isNotEqualTo(seal().seal(KEY, "a"));
    }

    @Test
    void nothingIsOpenedForAnotherPurposeOrWhenAltered() {
        SecretSeal seal = seal();
        byte[] sealed = seal.seal(KEY, "server a");
        byte[] altered = sealed.clone();
        altered[altered.length - 1] ^= 1;

        assertThat(seal.open(sealed, "server b")).isEmpty();
        assertThat(seal.open(altered, "server a")).isEmpty();
        assertThat(seal.open(new byte[3], "server a")).isEmpty();
    }

    @Test
    void theKeyFileIsForItsOwnerOnlyAndMadeWithTheFirstSecret() throws Exception {
        Path file = home.resolve(SecretSeal.FILE);
        SecretSeal seal = seal();
        assertThat(seal.open(new byte[40], "a")).isEmpty();
        assertThat(file).doesNotExist();

        seal.seal(KEY, "a");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void anotherKeyFileOpensNothing() throws Exception {
        byte[] sealed = seal().seal(KEY, "a");
        Files.delete(home.resolve(SecretSeal.FILE));
        SecretSeal other = seal();
        other.seal(KEY, "a");

        assertThat(other.open(sealed, "a")).isEmpty();
    }

    @Test
    void aBrokenKeyFileIsToldAndLeftAlone() throws Exception {
        Path file = home.resolve(SecretSeal.FILE);
        Files.writeString(file, "{broken");

        assertThatThrownBy(() -> seal().seal(KEY, "a"))
                .isInstanceOf(StewardException.class)
                .hasMessageContaining(SecretSeal.FILE);
        assertThat(seal().open(new byte[40], "a")).isEmpty();
        assertThat(file).hasContent("{broken");
    }
}
