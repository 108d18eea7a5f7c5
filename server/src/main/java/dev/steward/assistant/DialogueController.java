package dev.steward.assistant;

import static java.util.Objects.requireNonNull;

import dev.steward.assistant.dialogue.ConversationService;
import dev.steward.assistant.dialogue.TurnService;
import dev.steward.assistant.dialogue.TurnService.Question;
import dev.steward.assistant.input.InputSettings;
import dev.steward.assistant.input.InputValidator;
import dev.steward.base.FieldFault;
import dev.steward.base.Permission;
import dev.steward.base.Principal;
import dev.steward.base.StewardException;
import dev.steward.conversations.ConversationChange;
import dev.steward.conversations.ConversationId;
import dev.steward.conversations.ConversationView;
import dev.steward.conversations.NewTurn;
import dev.steward.conversations.Turn;
import dev.steward.conversations.TurnEventFeed;
import dev.steward.conversations.TurnEventStream;
import dev.steward.conversations.TurnId;
import dev.steward.conversations.TurnView;
import dev.steward.web.Endpoint;
import dev.steward.web.Endpoint.Idempotency;
import dev.steward.web.Endpoint.RateClass;
import dev.steward.web.EventStream;
import dev.steward.web.NewResourceId;
import dev.steward.web.RequestId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// What a person says and does in a conversation. Reading is in the conversations room.
@RestController
@RequestMapping("/api/v1")
final class DialogueController {

    /// One line, as [InputValidator#title] takes it.
    private static final String TITLE_PATTERN = "^[^\\x00-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069]*$";

    private final ConversationService conversations;
    private final TurnService turns;
    private final TurnEventFeed feed;

    DialogueController(ConversationService conversations, TurnService turns, TurnEventFeed feed) {
        this.conversations = requireNonNull(conversations, "conversations");
        this.turns = requireNonNull(turns, "turns");
        this.feed = requireNonNull(feed, "feed");
    }

    @Operation(summary = "Begin a conversation")
    @PostMapping("/conversations")
    @ResponseStatus(HttpStatus.CREATED)
    @Endpoint(permission = Permission.CHAT, rate = RateClass.WRITE, idempotency = Idempotency.KEY)
    ConversationView create(Principal caller, NewResourceId id, @RequestBody NewConversation body) {
        return ConversationView.of(conversations.create(
                caller.user(),
                new ConversationId(id.value()),
                Optional.ofNullable(body.title()),
                Optional.ofNullable(body.agent())));
    }

    @Operation(summary = "Rename, pin or archive a conversation, or give it another agent")
    @PatchMapping("/conversations/{id}")
    @Endpoint(permission = Permission.CHAT, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    ConversationView change(Principal caller, @PathVariable UUID id, @RequestBody Change body) {
        var change = new ConversationChange(
                Optional.ofNullable(body.title()),
                Optional.ofNullable(body.agent()),
                Optional.ofNullable(body.pinned()),
                Optional.ofNullable(body.archived()));
        return ConversationView.of(conversations.change(caller.user(), new ConversationId(id), change));
    }

    /// Accepts a message: what is answered here is committed.
    @Operation(summary = "Say something in a conversation and have it answered")
    @PostMapping(path = "/conversations/{id}/turns", produces = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Endpoint(permission = Permission.CHAT, rate = RateClass.MODEL, idempotency = Idempotency.KEY)
    AcceptedTurn ask(
            Principal caller,
            NewResourceId turn,
            RequestId request,
            @PathVariable UUID id,
            @RequestBody NewMessage body) {
        return AcceptedTurn.of(accept(caller, turn, request, id, body));
    }

    /// The same, with the events at once as the answer.
    @Operation(summary = "Say something in a conversation and have it answered")
    @PostMapping(path = "/conversations/{id}/turns", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Endpoint(permission = Permission.CHAT, rate = RateClass.MODEL, idempotency = Idempotency.KEY)
    EventStream askAndWatch(
            Principal caller,
            NewResourceId turn,
            RequestId request,
            @PathVariable UUID id,
            @RequestBody NewMessage body) {
        Turn accepted = accept(caller, turn, request, id, body);
        return new EventStream(new TurnEventStream(feed.subscribe(accepted.id(), 0)), caller);
    }

    @Operation(summary = "Stop an answer")
    @PostMapping("/turns/{id}/cancel")
    @Endpoint(permission = Permission.CHAT, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    TurnView cancel(Principal caller, @PathVariable UUID id) {
        return TurnView.of(turns.cancel(caller.user(), new TurnId(id)));
    }

    @Operation(summary = "Have a question answered anew, beside the old answer")
    @PostMapping("/turns/{id}/regenerate")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Endpoint(permission = Permission.CHAT, rate = RateClass.MODEL, idempotency = Idempotency.KEY)
    AcceptedTurn regenerate(Principal caller, NewResourceId turn, RequestId request, @PathVariable UUID id) {
        return AcceptedTurn.of(
                turns.regenerate(caller.user(), new TurnId(id), new TurnId(turn.value()), request.value()));
    }

    private Turn accept(Principal caller, NewResourceId turn, RequestId request, UUID conversation, NewMessage body) {
        if (body.attachments() != null && !body.attachments().isEmpty()) {
            throw StewardException.invalid(
                    List.of(new FieldFault("attachments", "unsupported", "leave it out; files can't be attached yet")));
        }
        var question = new Question(
                body.message(),
                Optional.ofNullable(body.agent()),
                Optional.ofNullable(body.model()),
                place(body),
                request.value());
        return turns.ask(caller.user(), new ConversationId(conversation), new TurnId(turn.value()), question);
    }

    private static NewTurn.Place place(NewMessage body) {
        if (body.after() != null && body.edits() != null) {
            throw StewardException.invalid(
                    List.of(new FieldFault("edits", "one_of", "name either after or edits, not both")));
        }
        if (body.after() != null) {
            return new NewTurn.Place.After(new TurnId(body.after()), "after");
        }
        return body.edits() != null
                ? new NewTurn.Place.InsteadOf(new TurnId(body.edits()), "edits")
                : new NewTurn.Place.Newest();
    }

    /// @param title empty: named after the first message
    /// @param agent who answers unless a message says otherwise
    record NewConversation(
            @Schema(minLength = 1, maxLength = InputValidator.TITLE_CHARS_MAX, pattern = TITLE_PATTERN) @Nullable String title,

            @Schema(allowableValues = {"alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta"}) @Nullable String agent) {}

    /// What is left out stays.
    record Change(
            @Schema(minLength = 1, maxLength = InputValidator.TITLE_CHARS_MAX, pattern = TITLE_PATTERN) @Nullable String title,

            @Schema(allowableValues = {"alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta"}) @Nullable String agent,

            @Nullable Boolean pinned,
            @Nullable Boolean archived) {}

    /// @param message     1 to 10,000 characters
    /// @param agent       who is to answer
    /// @param model       which model, as `backend/model`
    /// @param after       the turn of this conversation that it follows; left out: the newest one
    /// @param edits       the turn of this conversation whose message it replaces. That turn stays, with all that
    ///                    followed it; a new branch begins beside it
    /// @param attachments none yet
    record NewMessage(
            @Schema(minLength = 1, maxLength = InputSettings.MESSAGE_CHARS_MAX, pattern = "[!-~\\u00a1-\\ud7ff]")
            String message,

            @Schema(allowableValues = {"alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta"}) @Nullable String agent,

            @Schema(pattern = "^[^/\\x00]+/[^\\x00]+$", maxLength = 300) @Nullable String model,

            @Nullable UUID after,
            @Nullable UUID edits,
            @ArraySchema(maxItems = 0) @Nullable List<UUID> attachments) {}

    /// @param events where the answer can be watched
    record AcceptedTurn(TurnView turn, UUID taskId, String events) {

        static AcceptedTurn of(Turn turn) {
            return new AcceptedTurn(TurnView.of(turn), turn.task(), "/api/v1/turns/" + turn.id() + "/events");
        }
    }
}
