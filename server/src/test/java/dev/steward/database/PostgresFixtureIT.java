package dev.steward.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steward.testing.PostgresFixture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class PostgresFixtureIT {

    @AutoClose
    static final PostgresFixture postgres = PostgresFixture.create();

    @Test
    void everyTestClassHasADatabaseOfItsOwn() {
        try (PostgresFixture other = PostgresFixture.create()) {
            postgres.jdbc().sql("create table only_here (a int)").update();

            assertThat(tables(postgres.jdbc())).isEqualTo(1);
            assertThat(tables(other.jdbc())).isZero();
        }
    }

    @Test
    void aRowThatMustNotChangeIsRefusedByTheDatabaseExceptInErasure() {
        JdbcClient jdbc = postgres.jdbc();
        jdbc.sql("create table grows (a int)").update();
        jdbc.sql("""
                create trigger grows_only before update or delete on grows
                for each row execute function refuse_change()""").update();
        jdbc.sql("insert into grows values (1)").update();

        assertThatThrownBy(() -> jdbc.sql("update grows set a = 2").update()).hasMessageContaining("never changed");
        assertThatThrownBy(() -> jdbc.sql("delete from grows").update()).hasMessageContaining("never changed");

        postgres.transactions().executeWithoutResult(_ -> {
            jdbc.sql("set local steward.erasure = 'on'").update();
            assertThat(jdbc.sql("delete from grows").update()).isOne();
        });
    }

    private static int tables(JdbcClient jdbc) {
        return jdbc.sql("select count(*) from pg_tables where tablename = 'only_here'")
                .query(Integer.class)
                .single();
    }
}
