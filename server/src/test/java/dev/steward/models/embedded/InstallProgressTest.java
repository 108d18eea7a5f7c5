package dev.steward.models.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InstallProgressTest {

    @Test
    void sizeSpeedAndTimeLeftAreTold() {
        assertThat(new InstallProgress(257_000_000, 1_117_000_000, 25_800_000, "x").words())
                .isEqualTo("23 % of 1117 MB, 25.8 MB/s, about 34 s left");
        assertThat(new InstallProgress(17_000_000, 1_117_000_000, 1_000_000, "x").words())
                .isEqualTo("1 % of 1117 MB, 1.0 MB/s, about 19 min left");
    }

    @Test
    void nothingIsSaidThatIsNotKnown() {
        assertThat(new InstallProgress(0, 1_117_000_000, 0, "x").words()).isEqualTo("0 % of 1117 MB");
        assertThat(new InstallProgress(9, 9, 5, "x").left()).isEmpty();
    }
}
