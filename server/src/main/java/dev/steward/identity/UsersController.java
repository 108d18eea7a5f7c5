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
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// All accounts, for administrators.
@RestController
@RequestMapping("/api/v1/users")
final class UsersController {

    /// What to change; what is left out stays.
    record Change(@Nullable Role role, @Nullable Boolean active) {}

    /// @param newPassword what the person signs in with from now on, until they change it
    record NewPassword(
            @Schema(minLength = PasswordRules.LENGTH_MIN, maxLength = PasswordRules.LENGTH_MAX)
            String newPassword) {

        @Override
        public String toString() {
            return "NewPassword[***]";
        }
    }

    private final Accounts accounts;

    UsersController(Accounts accounts) {
        this.accounts = requireNonNull(accounts, "accounts");
    }

    @GetMapping
    @Endpoint(permission = Permission.ADMINISTER, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    @Operation(summary = "All accounts")
    Page<UserView> list(@Listing(filters = {"role", "email", "q"}) PageRequest page) {
        Page<Account> found = accounts.list(page);
        return new Page<>(found.items().stream().map(UserView::of).toList(), found.nextCursor());
    }

    @GetMapping("/{id}")
    @Endpoint(permission = Permission.ADMINISTER, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    @Operation(summary = "One account")
    UserView get(@PathVariable UUID id) {
        return accounts.find(new UserId(id)).map(UserView::of).orElseThrow(() -> StewardException.notFound("account"));
    }

    @GetMapping("/{id}/sessions")
    @Endpoint(permission = Permission.ADMINISTER, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    @Operation(summary = "Where an account is signed in")
    Page<Session> sessions(Principal admin, @PathVariable UUID id, @Listing PageRequest page) {
        return accounts.sessionsOf(admin, new UserId(id), page);
    }

    @DeleteMapping("/{id}/sessions")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Endpoint(permission = Permission.ADMINISTER, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    @Operation(summary = "Sign an account out everywhere")
    void signOut(Principal admin, @PathVariable UUID id) {
        accounts.signOutEverywhere(admin, new UserId(id));
    }

    @PutMapping("/{id}/password")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Endpoint(permission = Permission.ADMINISTER, rate = RateClass.AUTH, idempotency = Idempotency.NATURAL)
    @Operation(summary = "Give an account another password and sign it out everywhere")
    void resetPassword(Principal admin, @PathVariable UUID id, @RequestBody NewPassword body) {
        accounts.resetPassword(admin, new UserId(id), body.newPassword());
    }

    @PatchMapping("/{id}")
    @Endpoint(permission = Permission.ADMINISTER, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    @Operation(summary = "Give an account another role, close it or reopen it")
    UserView change(Principal admin, @PathVariable UUID id, @RequestBody Change body) {
        return UserView.of(accounts.administer(
                admin, new UserId(id), Optional.ofNullable(body.role()), Optional.ofNullable(body.active())));
    }
}
