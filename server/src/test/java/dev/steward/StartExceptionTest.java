package dev.steward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.database.DatabaseStartException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.PortInUseException;

class StartExceptionTest {

    @Test
    void aServiceThatIsNotToBeHadIsNamedInItsOwnWords() {
        var failure = new IllegalStateException("wrapped", new DatabaseStartException("The disk is full."));

        assertThat(StartException.of(failure).exitCode()).isEqualTo(StewardServer.UNAVAILABLE);
        assertThat(StartException.of(failure)).hasMessage("The disk is full.");
    }

    @Test
    void aPortInUseIsNamedWithAnotherToTry() {
        var start = StartException.of(new IllegalStateException(new PortInUseException(8080)));

        assertThat(start.exitCode()).isEqualTo(StewardServer.UNAVAILABLE);
        assertThat(start).hasMessageContaining("port 8080 is in use").hasMessageContaining("--port 8081");
    }

    @Test
    void anythingElseIsAMistakeOfOursAndKeepsItsDetailsForTheLog() {
        var start = StartException.of(new IllegalStateException("secret internals"));

        assertThat(start.exitCode()).isEqualTo(StewardServer.INTERNAL);
        assertThat(start.getMessage()).doesNotContain("secret");
    }
}
