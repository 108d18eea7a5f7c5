package dev.steward.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Authorization: Bearer abcDEF123.-_~+/=                     | Authorization: Bearer ***
            key stw_9f8e7d6c5b4a3 was used                             | key stw_*** was used
            token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl end | token ***jwt*** end
            to postgres://steward:s3cr%40t@db:5432/x failed            | to postgres://steward:***@db:5432/x failed
            sent sk-proj-0123456789abcdef to it                        | sent sk-*** to it
            {"password":"hunter2","a":1}                               | {"password":"***","a":1}
            {"m":"{\\"password\\": \\"hunter2\\"}"}                    | {"m":"{\\"password\\": \\"***\\"}"}
            password=hunter2&x=1                                       | password=***&x=1
            api_key: 0123456789                                        | api_key: ***
            """)
    void aSecretIsHiddenAndTheRestOfTheLineStays(String line, String masked) {
        assertThat(Secrets.masked(line)).isEqualTo(masked);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            see https://example.org/a:b@c
            12:30 risk-free task at http://127.0.0.1:8080/metrics
            the password was changed
            """)
    void whatIsNoSecretStays(String line) {
        assertThat(Secrets.masked(line)).isEqualTo(line);
    }

    @Test
    void aLongLineMadeToBeSlowIsNot() {
        String hostile =
                "://a:".repeat(20_000) + "eyJ".repeat(20_000) + "Bearer ".repeat(20_000) + "password=".repeat(9);

        assertThat(Secrets.masked(hostile)).isNotEmpty();
    }
}
