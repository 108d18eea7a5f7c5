package dev.steward.web;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.steward.base.ErrorCode;
import dev.steward.base.FieldFault;
import dev.steward.base.StewardException;
import dev.steward.base.Wording.Phrase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What went wrong, for people and programs: a problem document (`application/problem+json`).
///
/// Source: RFC 9457.
///
/// @param type         names the kind of problem; a relative reference to its page in the reference
/// @param instance     the path that was asked for
/// @param code         an [ErrorCode] on the wire
/// @param retryable    whether the same request may succeed later
/// @param retryAfterMs earliest useful time to try again, in milliseconds from now
/// @param errors       the fields at fault
/// @param help         what the caller can do
/// @param words        what `detail` is made of, for those who say it in another language
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        String instance,
        String code,
        String requestId,
        boolean retryable,
        @Nullable Long retryAfterMs,
        @Nullable List<FieldFault> errors,
        @Nullable String help,
        @Nullable List<Phrase> words) {

    public static final String MEDIA_TYPE = "application/problem+json";

    private static final int FIELD_LENGTH_MAX = 200;

    public Problem {
        requireNonNull(type, "type");
        requireNonNull(title, "title");
        requireNonNull(detail, "detail");
        requireNonNull(instance, "instance");
        requireNonNull(code, "code");
        requireNonNull(requestId, "requestId");
        errors = errors == null || errors.isEmpty() ? null : List.copyOf(errors);
        words = words == null || words.isEmpty() ? null : List.copyOf(words);
    }

    /// The document of a failure.
    ///
    /// @param instance the path that was asked for, or that of the turn or task that failed
    public static Problem of(StewardException failure, String instance, String requestId) {
        ErrorCode code = failure.code();
        Long retryAfterMs = failure.retryAfter().map(Duration::toMillis).orElse(null);
        return new Problem(
                "/problems/" + code.wire(),
                Titles.of(failure.status()),
                failure.status(),
                wellFormed(requireNonNull(failure.getMessage(), "message")),
                instance,
                code.wire(),
                requestId,
                code.recovery().retryable() || retryAfterMs != null,
                retryAfterMs,
                failure.faults().stream().map(Problem::printable).toList(),
                help(failure),
                failure.words());
    }

    /// The same with a title and a help in the words of those who read it, where the standing ones speak to programs
    /// or to operators.
    public Problem inWords(String plainTitle, String plainHelp) {
        return new Problem(
                type,
                plainTitle,
                status,
                detail,
                instance,
                code,
                requestId,
                retryable,
                retryAfterMs,
                errors,
                plainHelp,
                words);
    }

    /// A caller's own field name goes back to them, but not what would break a log line or a screen.
    private static FieldFault printable(FieldFault fault) {
        StringBuilder field = new StringBuilder();
        fault.field()
                .codePoints()
                .limit(FIELD_LENGTH_MAX)
                .map(c -> Character.isISOControl(c) ? '\uFFFD' : c)
                .forEach(field::appendCodePoint);
        return fault.at(field.toString());
    }

    /// A text that was cut in the middle of a character has half of it replaced: JSON can't carry it.
    private static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static String help(StewardException failure) {
        String phrase = failure.code().recovery().alternativeAction();
        return Character.toUpperCase(phrase.charAt(0)) + phrase.substring(1) + ".";
    }
}
