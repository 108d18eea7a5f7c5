package dev.steward.models.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Speaks the OpenAI-compatible API as a client does.
final class DoorClient implements AutoCloseable {

    static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI url;
    private final String token;

    DoorClient(URI url, String token) {
        this.url = url;
        this.token = token;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> chat(String body) throws IOException, InterruptedException {
        return http.send(post(body), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<InputStream> open(String body) throws IOException, InterruptedException {
        return http.send(post(body), HttpResponse.BodyHandlers.ofInputStream());
    }

    /// The objects of a stream up to `[DONE]`; fails when it ends without.
    List<JsonNode> stream(String body) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = open(body);
        var all = new ArrayList<JsonNode>();
        try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                if (line.equals("data: [DONE]")) {
                    return all;
                }
                if (line.startsWith("data: ")) {
                    all.add(JSON.readTree(line.substring(6)));
                }
                line = lines.readLine();
            }
        }
        throw new IOException("the stream ended without [DONE] after " + all);
    }

    static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    static String text(List<JsonNode> stream) {
        var text = new StringBuilder();
        stream.forEach(c -> text.append(
                c.path("choices").path(0).path("delta").path("content").asString("")));
        return text.toString();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(url.resolve(path)).header("Authorization", "Bearer " + token);
    }

    private HttpRequest post(String body) {
        return request("/v1/chat/completions")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }
}
