package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.Saying;
import dev.steward.http.AddressRefusedException;
import dev.steward.http.EgressCall;
import dev.steward.http.MalformedAnswerException;
import dev.steward.models.ModelException.Kind;
import dev.steward.resilience.Deadline;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// One call to one backend with its deadlines: the first token, the next token, the whole answer. Used by one thread,
/// except for [#cancel] and [#look].
final class LiveCall implements DeadlineWatch.Watched, AutoCloseable {

    /// As much of an error's text is read: enough for any message, harmless when it is a page.
    private static final int ERROR_BODY_MAX = 16 * 1024;

    private final Backend backend;
    private final String model;
    private final EgressCall wire;
    private final DeadlineWatch watch;
    private final InstantSource clock;
    private final ModelsSettings.Timeouts timeouts;
    private final Thread owner = Thread.currentThread();
    private final Duration firstWait;
    private final Duration whole;
    private final long totalDue;
    private volatile long due;
    private volatile Stage stage = Stage.FIRST_TOKEN;
    private volatile Stop stop = Stop.NONE;

    /// What is being waited for.
    enum Stage {
        FIRST_TOKEN,
        BETWEEN_TOKENS,
        END
    }

    /// Why the call was ended from outside.
    private enum Stop {
        NONE,
        LATE,
        CANCELLED,
        INTERRUPTED
    }

    /// @param firstWait how long the first token may take; for an answer in one piece, the whole of it
    /// @param deadline  when the whole answer, all backends together, is due
    LiveCall(
            Backend backend,
            String model,
            EgressCall wire,
            DeadlineWatch watch,
            InstantSource clock,
            ModelsSettings.Timeouts timeouts,
            Duration firstWait,
            Deadline deadline) {
        this.backend = requireNonNull(backend, "backend");
        this.model = requireNonNull(model, "model");
        this.wire = requireNonNull(wire, "wire");
        this.watch = requireNonNull(watch, "watch");
        this.clock = requireNonNull(clock, "clock");
        this.timeouts = requireNonNull(timeouts, "timeouts");
        this.firstWait = requireNonNull(firstWait, "firstWait");
        long now = System.nanoTime();
        this.whole = deadline.length();
        this.totalDue = now + deadline.leftNanos();
        this.due = earlier(now + firstWait.toNanos(), totalDue);
    }

    Backend backend() {
        return backend;
    }

    String model() {
        return model;
    }

    EgressCall wire() {
        return wire;
    }

    /// Sends the request and checks that the head promises an answer of this type.
    ///
    /// @param type the content type that the protocol asks for, without parameters
    /// @throws BackendFault         it does not
    /// @throws InterruptedException the caller was interrupted
    void send(String type, String otherType) throws BackendFault, InterruptedException {
        watch.add(this);
        try {
            wire.send();
            int status = wire.status();
            if (status != 200) {
                throw refused(status);
            }
            String encoding = wire.header("Content-Encoding");
            if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
                throw protocol("sent a compressed answer that nobody asked for");
            }
            String got = wire.header("Content-Type");
            if (got == null || !(got.startsWith(type) || got.startsWith(otherType))) {
                throw protocol(BackendFault.reason(Saying.BACKEND_NO_ANSWER_BUT, printable(got)));
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// A token came: the next one has its own time.
    void token() {
        stage = Stage.BETWEEN_TOKENS;
        due = earlier(System.nanoTime() + timeouts.betweenTokens().toNanos(), totalDue);
    }

    /// The prompt makes progress: the first token has its time again.
    void reading() {
        if (stage == Stage.FIRST_TOKEN) {
            due = earlier(System.nanoTime() + firstWait.toNanos(), totalDue);
        }
    }

    /// Only the end of the body is still to come.
    void ending(Duration most) {
        stage = Stage.END;
        due = System.nanoTime() + most.toNanos();
    }

    @Override
    public void look(long now) {
        if (stop != Stop.NONE) {
            return;
        }
        if (owner.isInterrupted()) {
            end(Stop.INTERRUPTED);
        } else if (now - due >= 0) {
            end(Stop.LATE);
        }
    }

    /// Ends the call from any thread.
    void cancel() {
        end(Stop.CANCELLED);
    }

    private void end(Stop why) {
        stop = why;
        wire.cancel();
    }

    @Override
    public void close() {
        watch.remove(this);
        wire.close();
    }

    /// Gives the connection up even if it could be kept.
    void abandon() {
        watch.remove(this);
        wire.cancel();
        wire.close();
    }

    /// What an I/O failure of this call means.
    BackendFault failed(IOException e) throws InterruptedException {
        if (stop == Stop.INTERRUPTED || (stop == Stop.NONE && owner.isInterrupted())) {
            Thread.interrupted();
            throw new InterruptedException("interrupted while " + backend.name() + " was answering");
        }
        if (stop == Stop.CANCELLED) {
            return new BackendFault(Kind.CONNECTION, "was told to stop", "", e);
        }
        if (stop == Stop.LATE) {
            return late(e);
        }
        return switch (e) {
            case Lines.TooLongException _ -> tooLong();
            case SocketTimeoutException _ ->
                new BackendFault(
                        Kind.TIMEOUT,
                        BackendFault.reason(Saying.BACKEND_TAKES_NO_CONNECTION, seconds(timeouts.connect())),
                        "",
                        e);
            case ConnectException _ ->
                new BackendFault(Kind.CONNECTION, BackendFault.reason(Saying.BACKEND_REFUSES), "", e);
            case AddressRefusedException refused ->
                new BackendFault(Kind.CONNECTION, "may not be asked: " + refused.getMessage(), "", e);
            case UnknownHostException _ ->
                new BackendFault(Kind.CONNECTION, BackendFault.reason(Saying.BACKEND_UNKNOWN_HOST), "", e);
            case SSLException _ -> new BackendFault(Kind.CONNECTION, BackendFault.reason(Saying.BACKEND_TLS), "", e);
            case MalformedAnswerException _ -> protocol(BackendFault.reason(Saying.BACKEND_NOT_HTTP), e);
            default ->
                stage == Stage.FIRST_TOKEN
                        ? new BackendFault(Kind.CONNECTION, BackendFault.reason(Saying.BACKEND_HANGS_UP), "", e)
                        : cutShort(e);
        };
    }

    private BackendFault late(@Nullable Throwable cause) {
        if (System.nanoTime() - totalDue >= 0) {
            return new BackendFault(
                    Kind.TIMEOUT, BackendFault.reason(Saying.BACKEND_NOT_DONE, seconds(whole)), "", cause);
        }
        return stage == Stage.FIRST_TOKEN
                ? new BackendFault(
                        Kind.TIMEOUT, BackendFault.reason(Saying.BACKEND_SLOW, seconds(firstWait)), "", cause)
                : new BackendFault(
                        Kind.TIMEOUT,
                        BackendFault.reason(Saying.BACKEND_SILENT, seconds(timeouts.betweenTokens())),
                        "",
                        cause);
    }

    /// The answer ended before its end.
    BackendFault cutShort(@Nullable Throwable cause) {
        return protocol(BackendFault.reason(Saying.BACKEND_CUT_SHORT), cause);
    }

    BackendFault tooLong() {
        return new BackendFault(Kind.TOO_LONG, BackendFault.reason(Saying.BACKEND_TOO_LONG), "", null);
    }

    BackendFault protocol(String reason) {
        return protocol(reason, null);
    }

    private static BackendFault protocol(String reason, @Nullable Throwable cause) {
        return new BackendFault(Kind.PROTOCOL, reason, "", cause);
    }

    /// The backend says, in an answer that began well, that it failed.
    BackendFault errorInside(String message) {
        if (ErrorBody.promptTooLong(message)) {
            return promptTooLong();
        }
        if (modelMissing(message)) {
            return modelMissing();
        }
        return new BackendFault(Kind.BACKEND_ERROR, BackendFault.reason(Saying.BACKEND_FAILED_INSIDE), "", null);
    }

    private BackendFault refused(int status) throws IOException {
        if (status >= 300 && status < 400) {
            return protocol(BackendFault.reason(Saying.BACKEND_POINTS_ELSEWHERE));
        }
        if (status == 429) {
            return new BackendFault(
                    Kind.OVERLOADED,
                    ErrorCode.RATE_LIMIT_EXCEEDED,
                    BackendFault.reason(Saying.BACKEND_OVERLOADED),
                    "",
                    retryAfter(),
                    null);
        }
        if (status == 401 || status == 403) {
            return misconfigured(BackendFault.reason(Saying.BACKEND_WRONG_KEY));
        }
        if (status == 501) {
            return misconfigured(BackendFault.reason(Saying.BACKEND_OFFERS_NOT));
        }
        if (status >= 500) {
            return new BackendFault(
                    Kind.BACKEND_ERROR,
                    ErrorCode.NETWORK_ERROR,
                    BackendFault.reason(Saying.BACKEND_FAILED, status),
                    "",
                    retryAfter(),
                    null);
        }
        if (status < 400) {
            return protocol("answered with status " + status + ", which says nothing");
        }
        String message = ErrorBody.message(wire.body().readNBytes(ERROR_BODY_MAX));
        if (ErrorBody.promptTooLong(message)) {
            return promptTooLong();
        }
        if (modelMissing(message)) {
            return modelMissing();
        }
        if (status == 404 || status == 405) {
            return misconfigured(BackendFault.reason(Saying.BACKEND_NOTHING_THERE));
        }
        return new BackendFault(
                Kind.REFUSED,
                BackendFault.reason(Saying.BACKEND_REFUSED, status) + (message.isEmpty() ? "" : ": " + message),
                "",
                null);
    }

    private BackendFault promptTooLong() {
        return new BackendFault(
                Kind.PROMPT_TOO_LONG,
                BackendFault.reason(Saying.BACKEND_NO_ROOM, model),
                "Send less, or name a model with more room.",
                null);
    }

    private static BackendFault misconfigured(String reason) {
        return new BackendFault(
                Kind.REFUSED, ErrorCode.SERVICE_UNAVAILABLE, reason, Saying.ENTRY_WRONG.english(), null, null);
    }

    private static boolean modelMissing(String message) {
        return message.contains("model") && (message.contains("not found") || message.contains("does not exist"));
    }

    private BackendFault modelMissing() {
        String help = backend.kind() == Backend.Kind.OLLAMA
                ? Saying.OLLAMA_PULL_MODEL.english(model)
                : Saying.MODELS_LISTED.english();
        return new BackendFault(
                Kind.MODEL_NOT_AVAILABLE, BackendFault.reason(Saying.BACKEND_WITHOUT_MODEL, model), help, null);
    }

    /// `Retry-After` as seconds or as an HTTP date (RFC 9110, section 10.2.3); anything else is as good as none.
    private @Nullable Duration retryAfter() {
        String header = wire.header("Retry-After");
        if (header == null) {
            return null;
        }
        String value = header.strip();
        try {
            if (!value.isEmpty() && value.length() <= 9 && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return Duration.ofSeconds(Long.parseLong(value));
            }
            Instant then = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration wait = Duration.between(clock.instant(), then);
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeParseException _) {
            return null;
        }
    }

    private static String printable(@Nullable String contentType) {
        if (contentType == null) {
            return "no content type";
        }
        int end = contentType.indexOf(';');
        String bare = end < 0 ? contentType : contentType.substring(0, end);
        return bare.length() > 40 ? bare.substring(0, 40) : bare;
    }

    static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    private static long earlier(long a, long b) {
        return a - b < 0 ? a : b;
    }
}
