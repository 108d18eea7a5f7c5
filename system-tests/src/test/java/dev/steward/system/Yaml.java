package dev.steward.system;

import dev.steward.testing.FaultyModelServer;

/// Configurations of the tests.
final class Yaml {

    /// Nothing is fetched, and many may come from one address.
    static final String COMMON = """
            auth: {access_token_ms: 3600000}
            rates: {auth_per_minute: 1000, read_per_second: 10000, write_per_second: 10000, model_per_second: 10000}
            """;

    static final String NO_MODEL = COMMON + "models: {embedded: {install: never}}\n";

    private Yaml() {}

    static String oneBackend(FaultyModelServer model) {
        return COMMON + """
                backends:
                  - {name: mock, kind: openai, url: "%s", privacy: local, cost: free}
                models:
                  chain: [mock/mock-model]
                  embedded: {install: never}
                assistant: {routing_ms: 0}
                """.formatted(model.openAiUrl());
    }
}
