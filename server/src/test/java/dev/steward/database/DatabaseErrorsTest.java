package dev.steward.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;

class DatabaseErrorsTest {

    @ParameterizedTest
    @ValueSource(strings = {"08001", "08006", "57P01", "57P02", "57P03", "53300", "53100"})
    void aLostRefusedOrFullServerIsUnavailable(String state) {
        var failure = new DataAccessResourceFailureException("x", new SQLException("x", state));

        assertThat(DatabaseErrors.unavailable(failure))
                .hasValueSatisfying(e -> assertThat(e.retryAfter()).contains(DatabaseErrors.RETRY_AFTER));
    }

    @Test
    void anExhaustedPoolIsUnavailable() {
        var failure =
                new CannotCreateTransactionException("x", new SQLTransientConnectionException("Connection timed out"));

        assertThat(DatabaseErrors.unavailable(failure)).isPresent();
    }

    @Test
    void whatWasNeverAskedIsUnavailable() {
        var interrupted = new SQLException("Interrupted during connection acquisition", new InterruptedException());

        assertThat(DatabaseErrors.unavailable(new CannotGetJdbcConnectionException("x", interrupted)))
                .isPresent();
        assertThat(DatabaseErrors.unavailable(new CannotCreateTransactionException("x", interrupted)))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"23505", "40001", "42601", "57014"})
    void aStatementThatFailedByItselfIsNot(String state) {
        assertThat(DatabaseErrors.unavailable(new RuntimeException(new SQLException("x", state))))
                .isEmpty();
    }

    @Test
    void aChainOfCausesThatBitesItsTailEnds() {
        var a = new RuntimeException("a");
        a.initCause(new RuntimeException("b", a));

        assertThat(DatabaseErrors.unavailable(a)).isEmpty();
    }
}
