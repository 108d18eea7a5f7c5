package dev.steward.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VersionTest {

    @Test
    void theCommitStandsBehindThePlus() {
        assertThat(Version.parse("0.1.0+abc123")).isEqualTo(new Version("0.1.0", "abc123"));
        assertThat(Version.parse("0.1.0")).isEqualTo(new Version("0.1.0", "unknown"));
        assertThat(Version.parse(null)).isEqualTo(new Version("dev", "unknown"));
    }
}
