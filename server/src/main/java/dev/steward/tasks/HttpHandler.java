package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.FieldFault;
import dev.steward.base.Permission;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import dev.steward.http.Egress;
import dev.steward.http.EgressBody;
import dev.steward.http.EgressException;
import dev.steward.http.FetchRequest;
import dev.steward.http.FetchResponse;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Tasks of type `http`: one request to an address that a person names, through [Egress]; the result is the answer.
///
/// A 2xx is success. What may pass (no connection, a timeout, 408, 425, 429, 5xx) is tried again with backoff; any
/// other status makes a dead letter at once, and redirects are not followed. Every attempt carries the task's id as
/// `Idempotency-Key`, so that the other side can tell a repeated request from a new one.
final class HttpHandler implements TaskHandler {

    static final String TYPE = "http";

    /// For the whole exchange.
    private static final Duration EXCHANGE_TIMEOUT = Duration.ofSeconds(60);

    /// The exchange, and writing its result down.
    private static final Duration TIMEOUT = Duration.ofSeconds(75);

    private static final int CONCURRENCY_MAX = 32;

    /// Requests to one host at once, from all processes: nobody's server is to suffer from a long list of tasks.
    private static final int PER_HOST_MAX = 8;

    /// Longest answer that is kept as a result.
    private static final int ANSWER_BYTES_MAX = 64 * 1024;

    private static final String KEY_HEADER = "Idempotency-Key";
    private static final Set<String> FIELDS = Set.of("method", "url", "headers", "body");

    /// Statuses below 500 that say "not now".
    private static final Set<Integer> PASSING = Set.of(408, 425, 429);

    private final JsonMapper json;
    private final Egress egress;

    HttpHandler(JsonMapper json, Egress egress) {
        this.json = requireNonNull(json, "json");
        this.egress = requireNonNull(egress, "egress");
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Duration timeout() {
        return TIMEOUT;
    }

    @Override
    public int concurrencyMax() {
        return CONCURRENCY_MAX;
    }

    @Override
    public TaskLimits limits() {
        return TaskLimits.none().perKey(PER_HOST_MAX);
    }

    @Override
    public Optional<String> limitKey(UserId owner, String input) {
        try {
            String url = json.readTree(input).path("url").asString();
            return Optional.ofNullable(URI.create(url).getHost()).map(host -> host.toLowerCase(Locale.ROOT));
        } catch (JacksonException | IllegalArgumentException e) {
            return Optional.empty(); // Then its attempt fails, and says why.
        }
    }

    @Override
    public String run(TaskAttempt attempt) throws InterruptedException {
        @SuppressWarnings("unchecked")
        Map<String, Object> input = json.readValue(attempt.input(), Map.class);
        FetchResponse answer =
                egress.fetch(request(input, Map.of(KEY_HEADER, attempt.task().toString())));
        int status = answer.status();
        attempt.log("The other side answered with status " + status + " and " + answer.body().length + " bytes.");
        if (status / 100 == 2) {
            return json.writeValueAsString(result(answer));
        }
        if (status >= 500 || PASSING.contains(status)) {
            throw new StewardException(ErrorCode.NETWORK_ERROR, Saying.OTHER_SIDE_ANSWERED.said(status));
        }
        throw new StewardException(
                ErrorCode.VALIDATION_ERROR,
                (status / 100 == 3 ? Saying.OTHER_SIDE_REDIRECTS : Saying.OTHER_SIDE_REFUSED).said(status));
    }

    @Override
    public Optional<TaskForm> form() {
        return Optional.of(new Form());
    }

    /// @param added headers that the input may replace
    /// @throws EgressException the input is not one that [Form] lets pass
    private FetchRequest request(Map<String, Object> input, Map<String, String> added) {
        Map<String, String> headers = new HashMap<>(added);
        if (input.get("headers") instanceof Map<?, ?> given) {
            given.forEach((name, value) -> {
                headers.keySet().removeIf(String.valueOf(name)::equalsIgnoreCase);
                headers.put(String.valueOf(name), String.valueOf(value));
            });
        }
        Object content = input.get("body");
        EgressBody body = null;
        if (content != null) {
            boolean text = content instanceof String;
            String written = text ? (String) content : json.writeValueAsString(content);
            body = EgressBody.of(written.getBytes(StandardCharsets.UTF_8));
            if (headers.keySet().stream().noneMatch("content-type"::equalsIgnoreCase)) {
                headers.put("Content-Type", text ? "text/plain; charset=utf-8" : "application/json");
            }
        }
        return new FetchRequest(
                String.valueOf(input.get("method")),
                String.valueOf(input.get("url")),
                headers,
                body,
                EXCHANGE_TIMEOUT,
                ANSWER_BYTES_MAX);
    }

    private static Map<String, Object> result(FetchResponse answer) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("status", answer.status());
        result.put("headers", answer.headers());
        Optional<String> text = text(answer.body());
        result.put(
                text.isPresent() ? "body" : "body_base64",
                text.orElseGet(() -> Base64.getEncoder().encodeToString(answer.body())));
        return result;
    }

    /// Empty for what is not UTF-8, or can't be stored as text in PostgreSQL.
    private static Optional<String> text(byte[] body) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            return text.indexOf('\0') < 0 ? Optional.of(text) : Optional.empty();
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }

    private final class Form implements TaskForm {

        @Override
        public Permission permission() {
            return Permission.CHAT;
        }

        @Override
        public String accepts() {
            return "{\"method\": "
                    + String.join(" | ", FetchRequest.METHODS.stream().sorted().toList())
                    + ", \"url\": an http or https address, \"headers\"?: {name: text}, \"body\"?: text or JSON}";
        }

        @Override
        public List<FieldFault> faults(Map<String, Object> input) {
            List<FieldFault> faults = new ArrayList<>();
            input.keySet().stream()
                    .filter(f -> !FIELDS.contains(f))
                    .forEach(f -> faults.add(new FieldFault(
                            "input." + f, "unknown_field", "an http task takes method, url, headers and body")));
            text(input, "method", faults);
            text(input, "url", faults);
            Object headers = input.get("headers");
            if (headers != null
                    && !(headers instanceof Map<?, ?> map
                            && map.values().stream().allMatch(String.class::isInstance))) {
                faults.add(new FieldFault("input.headers", "type", "must be an object of texts"));
            }
            if (faults.isEmpty()) {
                try {
                    Egress.check(request(input, Map.of()));
                } catch (EgressException e) {
                    boolean url = e.kind() == EgressException.Kind.URL_REFUSED;
                    faults.add(new FieldFault(
                            url ? "input.url" : "input", url ? "url" : "http_request", String.valueOf(e.getMessage())));
                }
            }
            return faults;
        }

        private static void text(Map<String, Object> input, String field, List<FieldFault> faults) {
            if (!(input.get(field) instanceof String)) {
                faults.add(new FieldFault("input." + field, "required", Saying.MUST_BE_GIVEN_AS_TEXT.said()));
            }
        }
    }
}
