package dev.steward.models.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PipTest {

    @Test
    void aMissingNetworkIsToldWithoutPipsOwnWords() {
        String complaint = """
                WARNING: Retrying (Retry(total=1, connect=None)) after connection broken by 'NewConnectionError(...: \
                Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')'
                ERROR: Could not find a version that satisfies the requirement x==1 (from versions: none)
                """;

        assertThat(Pip.inPlainWords("x==1", complaint))
                .startsWith("it can't be reached")
                .doesNotContain("Errno");
    }

    @Test
    void aPackageThatIsGoneIsNamed() {
        assertThat(Pip.inPlainWords("x==1", "ERROR: No matching distribution found for x==1"))
                .isEqualTo("pip could not get x==1: No matching distribution found for x==1");
    }

    @Test
    void aPythonWithoutPipIsNamed() {
        assertThat(Pip.inPlainWords("x==1", "/usr/bin/python3: No module named pip"))
                .contains("pip is not installed");
    }
}
