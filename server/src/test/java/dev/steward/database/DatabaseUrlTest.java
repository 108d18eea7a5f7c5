package dev.steward.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steward.base.Secret;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {

    @Test
    void theUriFormBecomesTheDriversFormWithoutTheSecret() {
        DatabaseUrl url = DatabaseUrl.parse("postgres://me:p%40ss+word@db.example:6432/main?sslmode=require");

        assertThat(url.jdbc()).isEqualTo("jdbc:postgresql://db.example:6432/main?sslmode=require");
        assertThat(url.host()).isEqualTo("db.example:6432");
        assertThat(url.user()).contains("me");
        assertThat(url.password()).contains(new Secret("p@ss+word"));
    }

    @Test
    void theDriversFormGivesUpItsSecretToo() {
        DatabaseUrl url = DatabaseUrl.parse("jdbc:postgresql://db1,db2:5433/main?user=me&ssl=true&password=p%26q");

        assertThat(url.jdbc()).isEqualTo("jdbc:postgresql://db1,db2:5433/main?ssl=true");
        assertThat(url.host()).isEqualTo("db1,db2:5433");
        assertThat(url.user()).contains("me");
        assertThat(url.password()).contains(new Secret("p&q"));
    }

    @Test
    void userAndPasswordMayBeLeftOut() {
        DatabaseUrl url = DatabaseUrl.parse("postgresql://localhost/main");

        assertThat(url.user()).isEqualTo(Optional.empty());
        assertThat(url.password()).isEqualTo(Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "mysql://h/hidden",
                "postgres://me:hidden@/db",
                "postgres://me:hidden@host",
                "postgres://me:hidden@host/",
                "postgres://me:hid den@host/db",
                "jdbc:postgresql:hidden",
                "jdbc:postgresql:///hidden",
                "jdbc:postgresql://me:hidden@host/db"
            })
    void anythingElseIsRefusedWithoutRepeatingIt(String url) {
        assertThatThrownBy(() -> DatabaseUrl.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("postgres://user:password@host:5432/database")
                .hasMessageNotContaining("hidden");
    }
}
