package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import dev.steward.base.FieldFault;
import dev.steward.base.InputRules;
import dev.steward.base.Permission;
import dev.steward.base.Principal;
import dev.steward.base.StewardException;
import dev.steward.web.Endpoint;
import dev.steward.web.Endpoint.Idempotency;
import dev.steward.web.Endpoint.RateClass;
import dev.steward.web.EventStream;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Reading turns and their events, and saying what one thinks of an answer.
@RestController
@RequestMapping("/api/v1/turns")
final class TurnController {

    /// Longest comment, in characters.
    static final int COMMENT_CHARS_MAX = 2_000;

    /// What fits into a `long`.
    private static final String EVENT_ID = "^[0-9]{1,18}$";

    private final Turns turns;
    private final TurnEventFeed feed;
    private final InputRules rules;

    TurnController(Turns turns, TurnEventFeed feed, InputRules rules) {
        this.turns = requireNonNull(turns, "turns");
        this.feed = requireNonNull(feed, "feed");
        this.rules = requireNonNull(rules, "rules");
    }

    @Operation(summary = "One question with its answer")
    @GetMapping("/{id}")
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    TurnView find(Principal caller, @PathVariable UUID id) {
        return TurnView.of(turns.find(caller.user(), new TurnId(id)));
    }

    /// Every event after the one that the reader has, then live, until the turn ends. The header is what browsers
    /// send by themselves when they come back, so it wins.
    @Operation(summary = "What happens to a question, as server-sent events; Last-Event-ID resumes")
    @GetMapping(path = "/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    EventStream events(
            Principal caller,
            @PathVariable UUID id,
            @Parameter(schema = @Schema(type = "string", pattern = EVENT_ID + "|^$"))
                    @RequestHeader(name = "Last-Event-ID", required = false)
                    @Nullable String lastEventId,
            @Parameter(schema = @Schema(type = "string", pattern = EVENT_ID))
                    @RequestParam(name = "after", required = false)
                    @Nullable String after) {
        long named = number("after", after);
        long from = lastEventId == null || lastEventId.isBlank() ? named : number("Last-Event-ID", lastEventId);
        return new EventStream(new TurnEventStream(feed.subscribe(caller.user(), new TurnId(id), from)), caller);
    }

    /// Kept once for each turn; a later one replaces it.
    @Operation(summary = "Say whether an answer was good")
    @PostMapping("/{id}/feedback")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Endpoint(permission = Permission.CHAT, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    void feedback(Principal caller, @PathVariable UUID id, @RequestBody Feedback feedback) {
        int rating = switch (feedback.rating()) {
            case "up" -> 1;
            case "down" -> -1;
            default -> throw StewardException.invalid(List.of(new FieldFault("rating", "one_of", "write up or down")));
        };
        String comment = feedback.comment() == null ? "" : feedback.comment();
        List<FieldFault> faults = rules.textFaults("comment", comment, COMMENT_CHARS_MAX);
        if (!faults.isEmpty()) {
            throw StewardException.invalid(faults);
        }
        turns.rate(caller.user(), new TurnId(id), rating, comment);
    }

    private static long number(String field, @Nullable String text) {
        if (text == null) {
            return 0;
        }
        if (!text.matches(EVENT_ID)) {
            throw StewardException.invalid(
                    List.of(new FieldFault(field, "number", "give the id of the last event that you have")));
        }
        return Long.parseLong(text);
    }

    /// @param rating `up` or `down`
    record Feedback(
            @Schema(allowableValues = {"up", "down"}) String rating,
            @Schema(maxLength = COMMENT_CHARS_MAX) @Nullable String comment) {}
}
