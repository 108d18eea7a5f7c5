package dev.steward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.ApiFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The API's description in the repository, which the web interface's types are made from, is the server's own.
/// `-Dreference.write=true` writes it.
class OpenApiReferenceIT {

    private static final Path FILE = Path.of("../docs/reference/openapi.json");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    @AutoClose
    private static final WholeServer server = WholeServer.start();

    @Test
    void theDescriptionInTheRepositoryIsTheServers() throws IOException {
        String body = server.api().get("/openapi.json", ApiFixture.ANONYMOUS).body();
        Object document = JSON.readValue(body, Object.class);
        if (document instanceof java.util.Map<?, ?> fields) {
            fields.remove("servers"); // The address is that of the test.
        }
        String now = JSON.writeValueAsString(document).replace("\r\n", "\n") + "\n";
        if (Boolean.getBoolean("reference.write")) {
            Files.writeString(FILE, now);
        }

        assertThat(Files.exists(FILE) ? Files.readString(FILE) : "")
                .as("written anew by: mvn -pl server test -Dtest=OpenApiReferenceIT -Dreference.write=true")
                .isEqualTo(now);
    }

    @Test
    void everyOperationSaysInOneLineWhatItDoes() {
        JsonNode paths = JSON.readTree(
                        server.api().get("/openapi.json", ApiFixture.ANONYMOUS).body())
                .path("paths");

        List<String> silent = new ArrayList<>();
        paths.forEachEntry((path, operations) -> operations.forEachEntry((method, operation) -> {
            String summary = operation.path("summary").asString("");
            if (summary.isBlank() || summary.length() > 100 || summary.endsWith(".")) {
                silent.add(method + " " + path + ": " + summary);
            }
        }));
        assertThat(silent).isEmpty();
    }
}
