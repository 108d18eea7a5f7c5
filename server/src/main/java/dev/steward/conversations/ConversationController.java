package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import dev.steward.base.FieldFault;
import dev.steward.base.Page;
import dev.steward.base.Permission;
import dev.steward.base.Principal;
import dev.steward.base.StewardException;
import dev.steward.web.Endpoint;
import dev.steward.web.Endpoint.Idempotency;
import dev.steward.web.Endpoint.RateClass;
import dev.steward.web.Listing;
import dev.steward.web.PageRequest;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Reading and deleting conversations; what begins or changes them is checked by the assistant's rules and lives
/// there.
@RestController
@RequestMapping("/api/v1/conversations")
final class ConversationController {

    private final Conversations conversations;
    private final Turns turns;

    ConversationController(Conversations conversations, Turns turns) {
        this.conversations = requireNonNull(conversations, "conversations");
        this.turns = requireNonNull(turns, "turns");
    }

    /// Newest change first.
    @GetMapping
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Page<ConversationView> list(
            Principal caller,
            @Listing(
                            sorts = {"-updated"},
                            filters = {"pinned", "archived"})
                    PageRequest page) {
        if (!page.descending()) {
            throw StewardException.invalid(
                    List.of(new FieldFault("sort", "unknown_sort", "conversations are listed by -updated")));
        }
        Page<Conversation> found = conversations.list(
                caller.user(), flag(page, "pinned"), flag(page, "archived"), page.cursor(), page.limit());
        return new Page<>(found.items().stream().map(ConversationView::of).toList(), found.nextCursor());
    }

    @GetMapping("/{id}")
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    ConversationView find(Principal caller, @PathVariable UUID id) {
        return ConversationView.of(conversations.find(caller.user(), new ConversationId(id)));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Endpoint(permission = Permission.CHAT, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    void delete(Principal caller, @PathVariable UUID id) {
        conversations.delete(caller.user(), new ConversationId(id));
    }

    /// Oldest first unless asked otherwise, those that were answered anew too.
    @GetMapping("/{id}/turns")
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Page<TurnView> turns(Principal caller, @PathVariable UUID id, @Listing(sorts = "created") PageRequest page) {
        var conversation = conversations.find(caller.user(), new ConversationId(id));
        Page<Turn> found = turns.list(caller.user(), conversation.id(), page.descending(), page.cursor(), page.limit());
        return new Page<>(found.items().stream().map(TurnView::of).toList(), found.nextCursor());
    }

    private static Optional<Boolean> flag(PageRequest page, String name) {
        return page.filter(name).map(text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw StewardException.invalid(List.of(new FieldFault(name, "boolean", "write true or false")));
        });
    }
}
