package dev.steward;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationPageTest {

    @Test
    void theReferencePageSaysWhatTheSettingsSay() throws IOException {
        Path page = Path.of("..", "docs", "reference", "configuration.md");

        assertThat(Files.readString(page))
                .as("make it anew: ./steward config reference > docs/reference/configuration.md")
                .isEqualTo(StewardServer.configLoader().referencePage());
    }
}
