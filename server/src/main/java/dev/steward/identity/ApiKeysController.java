package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import dev.steward.base.FieldFault;
import dev.steward.base.InputRules;
import dev.steward.base.NameCheck;
import dev.steward.base.Page;
import dev.steward.base.Permission;
import dev.steward.base.Principal;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import dev.steward.web.Endpoint;
import dev.steward.web.Endpoint.Idempotency;
import dev.steward.web.Endpoint.RateClass;
import dev.steward.web.Listing;
import dev.steward.web.NewResourceId;
import dev.steward.web.PageRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// API keys for one's own programs.
@RestController
@RequestMapping("/api/v1/api-keys")
final class ApiKeysController {

    private static final int NAME_LENGTH_MAX = 100;

    /// A key to be made.
    record NewKey(
            @Schema(minLength = 1, maxLength = NAME_LENGTH_MAX, pattern = Accounts.NAME_PATTERN)
            String name,

            @ArraySchema(minItems = 1, uniqueItems = true) List<Scope> scopes,

            @Schema(description = "When it ends; left out: 90 days from now.") @Nullable Instant expiresAt) {}

    /// What a key may do: the permissions that roles have.
    enum Scope {
        SELF,
        READ,
        CHAT,
        OPERATE,
        ADMINISTER;

        private Permission permission() {
            return Permission.valueOf(name());
        }
    }

    /// A key just made. Its text is shown here and never again.
    record MadeKey(
            UUID id,
            String name,
            String handle,
            Set<Permission> scopes,
            Instant created,
            Instant expiresAt,
            String key) {}

    private static final Duration LIFE_DEFAULT = Duration.ofDays(90);
    private static final Duration LIFE_MAX = Duration.ofDays(3660);

    private final ApiKeys keys;
    private final InstantSource clock;
    private final InputRules rules;

    ApiKeysController(ApiKeys keys, InstantSource clock, InputRules rules) {
        this.keys = requireNonNull(keys, "keys");
        this.clock = requireNonNull(clock, "clock");
        this.rules = requireNonNull(rules, "rules");
    }

    @GetMapping
    @Endpoint(permission = Permission.SELF, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    @Operation(summary = "Your API keys")
    Page<ApiKey> list(Principal caller, @Listing PageRequest page) {
        return keys.list(caller, page);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Endpoint(permission = Permission.SELF, rate = RateClass.WRITE, idempotency = Idempotency.KEY)
    @Operation(summary = "Make an API key; its text is shown once")
    MadeKey make(Principal caller, NewResourceId id, @RequestBody NewKey body) {
        Set<Permission> scopes = EnumSet.noneOf(Permission.class);
        body.scopes().forEach(scope -> scopes.add(scope.permission()));
        Instant expiresAt = Optional.ofNullable(body.expiresAt())
                .orElseGet(() -> clock.instant().plus(LIFE_DEFAULT));
        String name = checkedName(body, scopes, expiresAt);
        ApiKeys.Made made = keys.make(caller, id.value(), name, scopes, Optional.of(expiresAt));
        ApiKey key = made.key();
        return new MadeKey(key.id(), key.name(), key.handle(), key.scopes(), key.created(), expiresAt, made.text());
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Endpoint(permission = Permission.SELF, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    @Operation(summary = "Delete an API key; it stops working at once")
    void delete(Principal caller, @PathVariable UUID id) {
        keys.delete(caller, id);
    }

    /// @return the name as it is kept
    private String checkedName(NewKey body, Set<Permission> scopes, Instant expiresAt) {
        NameCheck name = rules.displayName("name", body.name());
        List<FieldFault> faults = new ArrayList<>(name.faults());
        if (scopes.isEmpty() || scopes.size() != body.scopes().size()) {
            faults.add(new FieldFault(
                    "scopes",
                    "one_of",
                    Saying.KEY_SCOPES.said(List.of(Scope.values()).toString().toLowerCase(Locale.ROOT))));
        }
        Instant now = clock.instant();
        if (!expiresAt.isAfter(now) || expiresAt.isAfter(now.plus(LIFE_MAX))) {
            faults.add(new FieldFault("expires_at", "range", Saying.KEY_EXPIRY.said()));
        }
        if (!faults.isEmpty() || !(name instanceof NameCheck.Accepted(String good))) {
            throw StewardException.invalid(faults);
        }
        return good;
    }
}
