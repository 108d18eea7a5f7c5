package dev.steward.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class WidgetConfigTest {

    @Test
    void originsAreTakenAsBrowsersWriteThem() {
        List<String> good = List.of("https://www.example.org", "http://localhost:3000", "http://127.0.0.1:7000");
        assertThat(new WidgetConfig(good).origins()).isEqualTo(good);
    }

    @Test
    void anythingElseIsRefused() {
        for (String bad : List.of(
                "*",
                "https://*.example.org",
                "https://example.org/",
                "https://Example.org",
                "example.org",
                "https://a; script-src *",
                "https://a b",
                "javascript:alert(1)")) {
            assertThatIllegalArgumentException().isThrownBy(() -> new WidgetConfig(List.of(bad)));
        }
    }
}
