package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Page;
import dev.steward.base.Permission;
import dev.steward.base.Principal;
import dev.steward.base.Role;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import dev.steward.web.Endpoint;
import dev.steward.web.Endpoint.Idempotency;
import dev.steward.web.Endpoint.RateClass;
import dev.steward.web.Listing;
import dev.steward.web.PageRequest;
import io.swagger.v3.oas.annotations.Operation;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// All accounts, for administrators.
@RestController
@RequestMapping("/api/v1/users")
final class UsersController {

    /// What to change; what is left out stays.
    record Change(@Nullable Role role, @Nullable Boolean active) {}

    private final Accounts accounts;

    UsersController(Accounts accounts) {
        this.accounts = requireNonNull(accounts, "accounts");
    }

    @GetMapping
    @Endpoint(permission = Permission.ADMINISTER, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    @Operation(summary = "All accounts")
    Page<UserView> list(@Listing(filters = {"role", "email"}) PageRequest page) {
        Page<Account> found = accounts.list(page);
        return new Page<>(found.items().stream().map(UserView::of).toList(), found.nextCursor());
    }

    @GetMapping("/{id}")
    @Endpoint(permission = Permission.ADMINISTER, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    @Operation(summary = "One account")
    UserView get(@PathVariable UUID id) {
        return accounts.find(new UserId(id)).map(UserView::of).orElseThrow(() -> StewardException.notFound("account"));
    }

    @PatchMapping("/{id}")
    @Endpoint(permission = Permission.ADMINISTER, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    @Operation(summary = "Give an account another role, close it or reopen it")
    UserView change(Principal admin, @PathVariable UUID id, @RequestBody Change body) {
        return UserView.of(accounts.administer(
                admin, new UserId(id), Optional.ofNullable(body.role()), Optional.ofNullable(body.active())));
    }
}
