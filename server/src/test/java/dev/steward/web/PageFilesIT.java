package dev.steward.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.ApiFixture;
import dev.steward.testing.ApiFixture.Answer;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// With the few files of the test's resources in place of the built pages.
class PageFilesIT {

    private static final Map<String, String> BROWSER = Map.of("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");

    @AutoClose
    private static final ApiFixture api = ApiFixture.start();

    private static Answer get(String path, Map<String, String> headers) {
        return api.send("GET", path, ApiFixture.ANONYMOUS, headers, null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/tasks", "/c/01a1fd24-e460-7417-8e12-062071a066da"})
    void everyAddressOfTheInterfaceIsTheOnePage(String path) {
        Answer page = get(path, BROWSER);

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("Test page");
        assertThat(page.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(page.header("Content-Security-Policy"))
                .contains("default-src 'none'", "style-src-attr 'none'", "require-trusted-types-for 'script'")
                .doesNotContain("unsafe");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/nothing",
                "/v1/nothing",
                "/health/nothing",
                "/nothing.js",
                "/assets/",
                "/../application.yaml",
                "/assets/%2e%2e/%2e%2e/application.yaml",
                "/.hidden"
            })
    void dataAndMissingFilesAreNeverThePage(String path) {
        Answer missing = get(path, Map.of());

        assertThat(missing.status()).as(path).isBetween(400, 499);
        assertThat(missing.body()).doesNotContain("Test page", "spring:");
    }

    @Test
    void aProgramThatAsksForAnUnknownAddressGetsAProblem() {
        assertThat(get("/tasks", Map.of("Accept", "application/json")).status()).isEqualTo(404);
    }

    @Test
    void filesWithAHashAreKeptForEverAndComePacked() {
        Answer packed = get("/assets/app-abc123.js", Map.of("Accept-Encoding", "gzip, br"));
        Answer plain = get("/assets/app-abc123.js", Map.of());

        assertThat(packed.header("Content-Encoding")).isEqualTo("br");
        assertThat(packed.body()).isEqualTo("packed by brotli");
        assertThat(packed.header("Vary")).contains("Accept-Encoding");
        assertThat(plain.header("Content-Type")).startsWith("text/javascript");
        assertThat(plain.header("Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
        assertThat(plain.body()).isEqualTo("export const plain = 1;\n");
    }
}
