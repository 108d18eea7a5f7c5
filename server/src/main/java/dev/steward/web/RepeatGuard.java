package dev.steward.web;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.FieldFault;
import dev.steward.base.IdSource;
import dev.steward.base.Principal;
import dev.steward.base.StewardException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes repeats of a creating request answer the same for 24 hours.
///
/// Before the controller runs, the key is bound to the id of what will be created; after it, a 2xx answer is kept.
/// So a repeat gets the kept answer, or, when the first try died in between, runs again with the same id and
/// creates nothing twice. Two requests with one key at once both run, with the same id. Answers other than 2xx
/// changed nothing and are not kept. Safe for use by many threads.
final class RepeatGuard {

    static final String HEADER = "Idempotency-Key";
    static final String REPLAYED_HEADER = "Idempotency-Replayed";

    /// Visible ASCII; a UUID is 36 characters, and no client needs more than 255.
    static final String KEY_PATTERN = "[!-~]{1,255}";

    private static final Pattern KEY = Pattern.compile(KEY_PATTERN);
    private static final Logger LOG = LoggerFactory.getLogger(RepeatGuard.class);

    private final KeyRecords records;
    private final IdSource ids;
    private final SecureRandom random;

    RepeatGuard(KeyRecords records, IdSource ids, SecureRandom random) {
        this.records = requireNonNull(records, "records");
        this.ids = requireNonNull(ids, "ids");
        this.random = requireNonNull(random, "random");
    }

    static boolean asked(HttpServletRequest request) {
        return request.getHeader(HEADER) != null && "POST".equals(request.getMethod());
    }

    /// Binds the request's key, if it has one, and its new resource's id in any case.
    ///
    /// @return the kept answer, when this is a repeat of a request that was answered
    /// @throws StewardException 422 when the key is malformed or was used for another request
    Optional<SealedAnswer> begin(HttpServletRequest request, Principal principal) throws IOException {
        String key = request.getHeader(HEADER);
        if (key == null) {
            RequestContext.resourceId(request, new NewResourceId(ids.next()));
            return Optional.empty();
        }
        if (!KEY.matcher(key).matches()) {
            throw refused("format", "use 1 to 255 visible ASCII characters, for instance a UUID");
        }
        byte[] body = request instanceof ApiRequest api ? api.body() : new byte[0];
        String route = request.getMethod() + " " + request.getRequestURI();
        KeyRecord fresh =
                new KeyRecord(principal.user().value(), hash(bytes(key)), route, hash(body), ids.next(), null);
        KeyRecord bound = records.bind(fresh);
        if (!bound.route().equals(route) || !MessageDigest.isEqual(bound.bodyHash(), fresh.bodyHash())) {
            throw refused("reuse", "this key was used for another request; use a new one for a new request");
        }
        IdempotencyClaim claim = new IdempotencyClaim(bound.owner(), key, bound.resourceId());
        byte[] answer = bound.answer();
        if (answer != null) {
            return Optional.of(SealedAnswer.open(claim, answer));
        }
        RequestContext.resourceId(request, new NewResourceId(bound.resourceId()));
        RequestContext.claim(request, claim);
        return Optional.empty();
    }

    /// Keeps the answer to a claimed request. A failure to do so costs nothing but the replay.
    void remember(IdempotencyClaim claim, AnswerCopy answer) {
        Optional<byte[]> body = answer.body();
        String type = Optional.ofNullable(answer.getContentType()).orElse("");
        if (body.isEmpty() || answer.getStatus() / 100 != 2 || type.startsWith("text/event-stream")) {
            return;
        }
        String location = Optional.ofNullable(answer.getHeader("Location")).orElse("");
        byte[] nonce = new byte[12];
        random.nextBytes(nonce);
        byte[] sealed = new SealedAnswer(answer.getStatus(), type, location, body.orElseThrow()).seal(claim, nonce);
        try {
            byte[] none = new byte[0];
            records.answer(
                    new KeyRecord(claim.owner(), hash(bytes(claim.key())), "", none, claim.resourceId(), null), sealed);
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .setCause(e)
                    .addKeyValue("resource_id", claim.resourceId())
                    .log("An answer could not be kept for repeats; a repeat will be worked on again");
        }
    }

    /// Sends a kept answer again.
    static void replay(SealedAnswer answer, HttpServletResponse response) throws IOException {
        response.setStatus(answer.status());
        response.setHeader(REPLAYED_HEADER, "true");
        if (!answer.contentType().isEmpty()) {
            response.setContentType(answer.contentType());
        }
        if (!answer.location().isEmpty()) {
            response.setHeader("Location", answer.location());
        }
        response.getOutputStream().write(answer.body());
    }

    private static StewardException refused(String rule, String message) {
        return new StewardException(
                ErrorCode.VALIDATION_ERROR,
                422,
                "The " + HEADER + " was refused and nothing was changed: " + message + ".",
                null,
                List.of(new FieldFault(HEADER, rule, message)),
                null);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] hash(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
