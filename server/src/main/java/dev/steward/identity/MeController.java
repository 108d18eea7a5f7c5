package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Page;
import dev.steward.base.Permission;
import dev.steward.base.Principal;
import dev.steward.base.StewardException;
import dev.steward.web.AuthCookies;
import dev.steward.web.ClientAddress;
import dev.steward.web.Endpoint;
import dev.steward.web.Endpoint.Idempotency;
import dev.steward.web.Endpoint.RateClass;
import dev.steward.web.Listing;
import dev.steward.web.PageRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
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

/// One's own account and sessions.
@RestController
@RequestMapping("/api/v1/me")
final class MeController {

    /// What to change; what is left out stays.
    record Change(
            @Schema(minLength = 1, maxLength = Accounts.NAME_LENGTH_MAX, pattern = Accounts.NAME_PATTERN) @Nullable String displayName,

            @Schema(example = "Europe/Berlin") @Nullable String timeZone,

            @Schema(allowableValues = {"en", "de", "fr", "es"}) @Nullable String language) {}

    /// A new password, and the old one as proof.
    record PasswordChange(
            String currentPassword,

            @Schema(minLength = PasswordRules.LENGTH_MIN, maxLength = PasswordRules.LENGTH_MAX)
            String newPassword) {}

    private final Accounts accounts;
    private final Sessions sessions;
    private final AuthCookies cookies;
    private final ClientAddress addresses;

    MeController(Accounts accounts, Sessions sessions, AuthCookies cookies, ClientAddress addresses) {
        this.accounts = requireNonNull(accounts, "accounts");
        this.sessions = requireNonNull(sessions, "sessions");
        this.cookies = requireNonNull(cookies, "cookies");
        this.addresses = requireNonNull(addresses, "addresses");
    }

    @GetMapping
    @Endpoint(permission = Permission.SELF, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    @Operation(summary = "Your account")
    UserView me(Principal caller) {
        return accounts.find(caller.user()).map(UserView::of).orElseThrow(() -> StewardException.notFound("account"));
    }

    @PatchMapping
    @Endpoint(permission = Permission.SELF, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    @Operation(summary = "Change your account")
    UserView change(Principal caller, @RequestBody Change body) {
        String displayName = body.displayName();
        String timeZone = body.timeZone();
        if (timeZone != null) {
            accounts.setTimeZone(caller, timeZone);
        }
        String language = body.language();
        if (language != null) {
            accounts.setLanguage(caller, language);
        }
        return displayName == null ? me(caller) : UserView.of(accounts.rename(caller, displayName));
    }

    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Endpoint(permission = Permission.SELF, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    @Operation(summary = "Delete your account for good")
    void delete(Principal caller, HttpServletRequest request, HttpServletResponse response) {
        accounts.delete(caller);
        cookies.clear(request, response);
    }

    @PutMapping("/password")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Endpoint(permission = Permission.SELF, rate = RateClass.AUTH, idempotency = Idempotency.NATURAL)
    @Operation(summary = "Change your password; every other session ends")
    void changePassword(Principal caller, @RequestBody PasswordChange body, HttpServletRequest request) {
        Client client = new Client("", addresses.of(request));
        accounts.changePassword(caller, body.currentPassword(), body.newPassword(), client);
    }

    @GetMapping("/sessions")
    @Endpoint(permission = Permission.SELF, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    @Operation(summary = "Your open sessions")
    Page<Session> sessions(Principal caller, @Listing PageRequest page) {
        return sessions.list(caller, page);
    }

    @DeleteMapping("/sessions/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Endpoint(permission = Permission.SELF, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    @Operation(summary = "End one of your sessions")
    void revoke(Principal caller, @PathVariable UUID id) {
        sessions.revokeOwn(caller, id);
    }
}
