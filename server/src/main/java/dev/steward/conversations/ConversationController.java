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
import io.swagger.v3.oas.annotations.Operation;
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

    private static final String NEWEST = "newest";

    private final Conversations conversations;
    private final Turns turns;

    ConversationController(Conversations conversations, Turns turns) {
        this.conversations = requireNonNull(conversations, "conversations");
        this.turns = requireNonNull(turns, "turns");
    }

    /// Newest change first. `q`: only those with all these words in their title or in one message, each as the
    /// beginning of a word; `hit` says where.
    @Operation(summary = "Your conversations; with q those in which these words were said")
    @GetMapping
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Page<ConversationView> list(
            Principal caller,
            @Listing(
                            sorts = {"-updated"},
                            filters = {"pinned", "archived", "q"})
                    PageRequest page) {
        if (!page.descending()) {
            throw StewardException.invalid(
                    List.of(new FieldFault("sort", "unknown_sort", "conversations are listed by -updated")));
        }
        Optional<Boolean> pinned = flag(page, "pinned");
        Optional<Boolean> archived = flag(page, "archived");
        Optional<String> question = page.filter("q");
        if (question.isPresent()) {
            var found =
                    conversations.search(caller.user(), question.get(), pinned, archived, page.cursor(), page.limit());
            return new Page<>(found.items().stream().map(ConversationView::of).toList(), found.nextCursor());
        }
        Page<Conversation> all = conversations.list(caller.user(), pinned, archived, page.cursor(), page.limit());
        return new Page<>(all.items().stream().map(ConversationView::of).toList(), all.nextCursor());
    }

    @Operation(summary = "One conversation")
    @GetMapping("/{id}")
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    ConversationView find(Principal caller, @PathVariable UUID id) {
        return ConversationView.of(conversations.find(caller.user(), new ConversationId(id)));
    }

    @Operation(summary = "Delete a conversation with everything in it")
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Endpoint(permission = Permission.CHAT, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    void delete(Principal caller, @PathVariable UUID id) {
        conversations.delete(caller.user(), new ConversationId(id));
    }

    /// Oldest first unless asked otherwise, of all branches. `branch` shows one, its end first: the branch through that
    /// turn that was written to last, or the `newest`.
    @Operation(summary = "What was said in a conversation, oldest first")
    @GetMapping("/{id}/turns")
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Page<TurnView> turns(
            Principal caller, @PathVariable UUID id, @Listing(sorts = "created", filters = "branch") PageRequest page) {
        ConversationId conversation =
                conversations.find(caller.user(), new ConversationId(id)).id();
        Page<Turn> found = page.filter("branch").isPresent()
                ? turns.branch(caller.user(), conversation, through(page), page.cursor(), page.limit())
                : turns.list(caller.user(), conversation, page.descending(), page.cursor(), page.limit());
        return new Page<>(found.items().stream().map(TurnView::of).toList(), found.nextCursor());
    }

    /// A branch is read from its end, since it is a way from there to the beginning.
    private static Optional<TurnId> through(PageRequest page) {
        if (!page.descending()) {
            throw StewardException.invalid(
                    List.of(new FieldFault("sort", "unknown_sort", "a branch is listed by -created")));
        }
        return page.filter("branch").filter(text -> !text.equals(NEWEST)).map(text -> {
            try {
                return new TurnId(UUID.fromString(text));
            } catch (IllegalArgumentException _) {
                throw StewardException.invalid(
                        List.of(new FieldFault("branch", "format", "write newest, or the id of a turn")));
            }
        });
    }

    private static Optional<Boolean> flag(PageRequest page, String name) {
        return page.filter(name).map(text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw StewardException.invalid(List.of(new FieldFault(name, "boolean", "write true or false")));
        });
    }
}
