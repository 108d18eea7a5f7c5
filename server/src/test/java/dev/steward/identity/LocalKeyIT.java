package dev.steward.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.IdSource;
import dev.steward.base.Permission;
import dev.steward.base.Role;
import dev.steward.database.Transactions;
import dev.steward.testing.PostgresFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalKeyIT {

    @AutoClose
    private static final PostgresFixture postgres = PostgresFixture.create();

    private final AccountStore accounts = new AccountStore(postgres.jdbc());
    private final ApiKeyStore keys = new ApiKeyStore(postgres.jdbc());
    private final LocalKey local = new LocalKey(
            accounts,
            keys,
            new PasswordHasher(new SecureRandom()),
            new Transactions(postgres.transactions()),
            new IdSource(InstantSource.system(), new SecureRandom()),
            new SecureRandom());

    @TempDir
    Path home;

    @BeforeEach
    void clear() {
        postgres.jdbc().sql("delete from account").update();
    }

    @Test
    void theFileHoldsAnAdministratorsKeyThatOnlyItsOwnerReads() throws IOException {
        local.provide(home);

        ApiKeyStore.Holder holder = holder();
        assertThat(holder.role()).isEqualTo(Role.ADMIN);
        assertThat(holder.scopes()).contains(Permission.CHAT, Permission.ADMINISTER);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        try (var files = Files.list(home)) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void aKeyThatWorksStays() throws IOException {
        local.provide(home);
        String first = Files.readString(file());

        local.provide(home);

        assertThat(Files.readString(file())).isEqualTo(first);
        assertThat(keys.count(holder().user())).isEqualTo(1);
    }

    @Test
    void aKeyOfAnotherDatabaseIsReplaced() throws IOException {
        Files.writeString(file(), ApiKeyText.random(new SecureRandom()).full());

        local.provide(home);

        assertThat(holder().role()).isEqualTo(Role.ADMIN);
    }

    @Test
    void itsAccountIsNobodysSoTheFirstPersonStillBecomesAdministrator() throws IOException {
        local.provide(home);

        assertThat(accounts.isEmpty()).isTrue();
    }

    @Test
    void anAdministratorMayCloseTheWayIn() throws IOException {
        local.provide(home);
        postgres.jdbc().sql("update account set active = false").update();

        local.provide(home);

        assertThat(file()).doesNotExist();
    }

    private Path file() {
        return home.resolve(LocalKey.FILE);
    }

    private ApiKeyStore.Holder holder() throws IOException {
        ApiKeyText text = ApiKeyText.parse(Files.readString(file()).strip()).orElseThrow();
        return keys.byHandle(text.handle()).orElseThrow();
    }
}
