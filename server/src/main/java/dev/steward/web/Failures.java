package dev.steward.web;

import dev.steward.base.ErrorCode;
import dev.steward.base.FieldFault;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import dev.steward.base.Wording;
import dev.steward.database.DatabaseErrors;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.UUID;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MissingRequestValueException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import tools.jackson.core.JacksonException;

/// Translates every failure of a request into a [StewardException], once, for the edge. What is not known is an
/// internal error, of which the caller learns only the request id.
final class Failures {

    private Failures() {}

    static StewardException of(Throwable failure) {
        return switch (failure) {
            case StewardException known -> known;
            case HttpMessageNotReadableException e -> unreadable(e);
            case MethodArgumentTypeMismatchException e -> typeMismatch(e);
            case MissingServletRequestParameterException e -> missing(e.getParameterName());
            case MissingRequestValueException _ -> status(400);
            case InvalidParameterException _ -> queryBroken();
            case ErrorResponse e
            when e.getStatusCode().value() < 500 -> status(e.getStatusCode().value());
            case SocketTimeoutException e -> tooSlow(e);
            case TransientDataAccessException e -> DatabaseErrors.busy(e);
            case DataAccessResourceFailureException e -> DatabaseErrors.busy(e);
            case CannotCreateTransactionException e -> DatabaseErrors.busy(e);
            default -> DatabaseErrors.unavailable(failure).orElseGet(() -> internal(failure));
        };
    }

    /// Whether the failure is a mistake of Steward or of what it runs on, which a person must look at.
    static boolean isInternal(StewardException failure) {
        return failure.status() == 500;
    }

    /// Whether the reader is gone, so that there is nobody to answer.
    static boolean isHangUp(Throwable failure) {
        return failure instanceof IOException
                && !(failure instanceof SocketTimeoutException)
                && !(failure.getCause() instanceof JacksonException);
    }

    private static StewardException unreadable(HttpMessageNotReadableException failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof StewardException known) {
                return known;
            }
            if (cause instanceof JacksonException json) {
                return JsonFaults.of(json);
            }
            if (cause instanceof SocketTimeoutException slow) {
                return tooSlow(slow);
            }
        }
        return new StewardException(
                ErrorCode.INVALID_INPUT, "A JSON body is needed here and there was none. Nothing was changed.");
    }

    private static StewardException typeMismatch(MethodArgumentTypeMismatchException failure) {
        Class<?> wanted = failure.getRequiredType();
        String words = wanted == UUID.class
                ? "must be a UUID"
                : wanted != null
                                && Number.class.isAssignableFrom(
                                        org.springframework.util.ClassUtils.resolvePrimitiveIfNecessary(wanted))
                        ? "must be a whole number"
                        : "has a value that is not known here";
        return new StewardException(
                ErrorCode.INVALID_INPUT,
                400,
                failure.getName() + " " + words + ".",
                null,
                List.of(new FieldFault(failure.getName(), "type", words)),
                null);
    }

    private static StewardException missing(String parameter) {
        return new StewardException(
                ErrorCode.INVALID_INPUT,
                400,
                "The query parameter " + parameter + " is needed.",
                null,
                List.of(new FieldFault(parameter, "required", "must be given")),
                null);
    }

    private static StewardException queryBroken() {
        return new StewardException(
                ErrorCode.INVALID_INPUT,
                "The query of the address can't be read: a name is empty, or a % is not followed by two digits.");
    }

    private static StewardException tooSlow(Throwable failure) {
        return new StewardException(
                ErrorCode.INVALID_INPUT,
                408,
                "The request's body came too slowly. Nothing was changed.",
                null,
                List.of(),
                failure);
    }

    /// What is known by its status alone: no such path, wrong method, wrong content type.
    static StewardException status(int status) {
        ErrorCode code = switch (status) {
            case 401, 403 -> ErrorCode.UNAUTHORIZED;
            case 404 -> ErrorCode.NOT_FOUND;
            case 429 -> ErrorCode.RATE_LIMIT_EXCEEDED;
            case 503 -> ErrorCode.SERVICE_UNAVAILABLE;
            default -> status < 500 ? ErrorCode.INVALID_INPUT : ErrorCode.INTERNAL_ERROR;
        };
        String detail = switch (status) {
            case 401 -> "Sign in, or send a valid token.";
            case 403 -> "Your account may not do this.";
            case 404 -> Saying.NOTHING_HERE.english();
            case 405 -> "This address does not take that method; see the Allow header.";
            case 406 -> "None of the formats named by Accept can be given here.";
            case 413 -> "The request is too large.";
            case 414 -> "The address is too long.";
            case 415 -> "This content type is not taken here; send application/json.";
            case 431 -> "The headers are too large.";
            default -> status < 500 ? "The request can't be understood." : Saying.INTERNAL.english();
        };
        return new StewardException(code, status, Wording.read(detail), null, List.of(), null);
    }

    private static StewardException internal(Throwable failure) {
        return new StewardException(
                ErrorCode.INTERNAL_ERROR,
                ErrorCode.INTERNAL_ERROR.status(),
                Saying.INTERNAL.said(),
                null,
                List.of(),
                failure);
    }
}
