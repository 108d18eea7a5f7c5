package dev.steward.identity;

import dev.steward.testing.ApiFixture;
import dev.steward.testing.ApiFixture.TestUser;
import dev.steward.testing.EndpointMatrix;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class EndpointMatrixIT {

    @AutoClose
    private static final ApiFixture api = ApiFixture.start();

    @Test
    void everyEndpointLetsInExactlyWhomItDeclares() {
        new EndpointMatrix(api).checkPermissions();
    }

    @Test
    void aForeignIdIsAnsweredLikeAMissingOne() {
        var matrix = new EndpointMatrix(api);
        matrix.checkForeignIds(Map.of(
                "/api/v1/me/sessions/{id}", this::session,
                "/api/v1/api-keys/{id}", this::apiKey,
                // Administrators see every account: for them only a random id is missing.
                "/api/v1/users/{id}", _ -> UUID.randomUUID()));
    }

    private UUID session(TestUser user) {
        var sessions = api.get("/api/v1/me/sessions", user).json();
        return UUID.fromString(sessions.at("/items/0/id").stringValue());
    }

    private UUID apiKey(TestUser user) {
        var made = api.post("/api/v1/api-keys", user, """
                {"name": "test", "scopes": ["read"]}""");
        return UUID.fromString(made.json().path("id").stringValue());
    }
}
