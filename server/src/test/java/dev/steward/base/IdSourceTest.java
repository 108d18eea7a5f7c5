package dev.steward.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdSourceTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void idsAreOfVersionSevenAndCarryTheTime() {
        UUID id = new IdSource(InstantSource.fixed(NOON), new Random(1)).next();

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(NOON.toEpochMilli());
    }

    @Test
    void idsOfOneMillisecondGrowAlsoPastTheCountersEnd() {
        var ids = new IdSource(InstantSource.fixed(NOON), new Random(1));

        String before = ids.next().toString();
        for (int i = 0; i < 10_000; i++) {
            String next = ids.next().toString();
            assertThat(next).isGreaterThan(before);
            before = next;
        }
    }
}
