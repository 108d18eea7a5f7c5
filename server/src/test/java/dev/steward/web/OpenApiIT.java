package dev.steward.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.ApiFixture;
import dev.steward.testing.EndpointMatrix;
import java.util.Locale;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class OpenApiIT {

    @AutoClose
    private static final ApiFixture api = ApiFixture.start();

    @Test
    void everyMappedEndpointIsInTheDocumentWithItsProblems() {
        var document = api.get("/openapi.json", ApiFixture.ANONYMOUS).json();

        assertThat(document.path("openapi").stringValue()).startsWith("3.1");
        for (var route : new EndpointMatrix(api).routes()) {
            var operation = document.path("paths")
                    .path(route.path())
                    .path(route.method().toLowerCase(Locale.ROOT));
            assertThat(operation.isObject()).as("%s", route).isTrue();
            assertThat(operation.path("responses").has("429")).as("%s", route).isTrue();
        }
    }

    @Test
    void requestAndAnswerSchemasAreClosedAndInSnakeCase() {
        var schemas = api.get("/openapi.json", ApiFixture.ANONYMOUS)
                .json()
                .path("components")
                .path("schemas");

        schemas.propertyStream()
                .filter(schema -> schema.getValue().has("properties"))
                .forEach(schema -> {
                    assertThat(schema.getValue().path("additionalProperties").booleanValue(true))
                            .as(schema.getKey())
                            .isFalse();
                    schema.getValue()
                            .path("properties")
                            .propertyNames()
                            .forEach(name -> assertThat(name).matches("[a-z0-9_]+"));
                });
        assertThat(schemas.at("/AuthRegistration/required").toString()).contains("display_name", "email", "password");
    }

    @Test
    void theDocumentsPageLoadsNothingFromElsewhere() {
        var page = api.get("/swagger-ui/index.html", ApiFixture.ANONYMOUS);
        var settings = api.get("/swagger-ui/swagger-initializer.js", ApiFixture.ANONYMOUS);

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).doesNotContain("http://", "https://", "<script>", "onload=");
        assertThat(settings.body()).doesNotContain("petstore");
        assertThat(page.header("Content-Security-Policy"))
                .contains("script-src 'self'")
                .doesNotContain("script-src 'self' 'unsafe");
        assertThat(api.get("/docs", ApiFixture.ANONYMOUS).header("Location")).isEqualTo("/swagger-ui/index.html");
    }
}
