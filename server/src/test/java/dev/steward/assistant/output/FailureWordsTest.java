package dev.steward.assistant.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.ErrorCode;
import dev.steward.models.ModelException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FailureWordsTest {

    @ParameterizedTest
    @EnumSource(ModelException.Kind.class)
    void everyFailureSaysWhatHappenedThatWorkIsSafeAndWhatToDo(ModelException.Kind kind) {
        var failure = new ModelException(kind, ErrorCode.NETWORK_ERROR, "java.net.SocketException: x", null, null);

        String nothingSaid = String.valueOf(FailureWords.failed(failure, false).getMessage());
        String partSaid = String.valueOf(FailureWords.failed(failure, true).getMessage());

        assertThat(nothingSaid)
                .startsWith(FailureWords.whatHappened(kind))
                .contains("kept")
                .endsWith(".");
        assertThat(partSaid).contains("the part of the answer above");
        assertThat(nothingSaid + FailureWords.tryingAgain(kind))
                .doesNotContain("Exception", "java", "null", kind.name());
        assertThat(nothingSaid.split("(?<=\\.)\\s")).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void failuresAreToldApart() {
        assertThat(Arrays.stream(ModelException.Kind.values())
                        .map(FailureWords::whatHappened)
                        .distinct())
                .hasSize(ModelException.Kind.values().length);
    }
}
