package dev.steward.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.PostgresFixture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class MigrationsIT {

    @AutoClose
    private static final PostgresFixture postgres = PostgresFixture.create();

    @Test
    void aDatabaseThatIsFurtherStillGetsWhatCameLaterWithALowerNumber() {
        postgres.jdbc().sql("alter table task drop column traceparent").update();
        postgres.jdbc()
                .sql("delete from flyway_schema_history where version = '0043'")
                .update();

        assertThat(Migrations.apply(postgres.singles())).isEqualTo(1);

        assertThat(postgres.jdbc()
                        .sql("select count(*) from task where traceparent is null")
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(Migrations.apply(postgres.singles())).isZero();
    }
}
