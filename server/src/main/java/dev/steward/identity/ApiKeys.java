package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.Page;
import dev.steward.base.Permission;
import dev.steward.base.Principal;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import dev.steward.base.Wording;
import dev.steward.web.PageRequest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// API keys of accounts. Safe for use by many threads.
final class ApiKeys {

    /// More than one for each program of a busy person.
    private static final int PER_ACCOUNT_MAX = 100;

    /// A key that was just made, with its text, which is shown once.
    record Made(ApiKey key, String text) {

        @Override
        public String toString() {
            return "Made[" + key.id() + "]";
        }
    }

    private final ApiKeyStore store;
    private final PrincipalCache cache;
    private final SecureRandom random;

    ApiKeys(ApiKeyStore store, PrincipalCache cache, SecureRandom random) {
        this.store = requireNonNull(store, "store");
        this.cache = requireNonNull(cache, "cache");
        this.random = requireNonNull(random, "random");
    }

    /// Makes a key; it can do no more than what made it.
    ///
    /// @throws StewardException 403 for a scope that the caller does not have, 409 when there are too many
    Made make(Principal caller, UUID id, String name, Set<Permission> scopes, Optional<Instant> expiresAt) {
        if (!scopes.stream().allMatch(caller::may)) {
            throw refused(403, Saying.KEY_BEYOND_OWN.said());
        }
        if (store.count(caller.user()) >= PER_ACCOUNT_MAX) {
            throw refused(409, Saying.KEYS_MAX.said(PER_ACCOUNT_MAX));
        }
        ApiKeyText text = ApiKeyText.random(random);
        ApiKey key = new ApiKey(id, name, text.handle(), scopes, Instant.EPOCH, expiresAt, Optional.empty());
        if (!store.insert(key, caller.user(), Digest.sha256(text.full()))) {
            throw refused(409, Saying.KEY_ANSWER_LOST.said());
        }
        return new Made(own(caller, id), text.full());
    }

    Page<ApiKey> list(Principal caller, PageRequest page) {
        return Page.of(store.list(caller.user(), page), page.limit(), key -> Cursors.at(key.created(), key.id()));
    }

    void delete(Principal caller, UUID id) {
        if (!store.delete(id, caller.user())) {
            throw StewardException.notFound("API key");
        }
        cache.forgetCredential(id);
    }

    private ApiKey own(Principal caller, UUID id) {
        return store.byId(id, caller.user()).orElseThrow(() -> StewardException.notFound("API key"));
    }

    private static StewardException refused(int status, Wording message) {
        ErrorCode code = status == 403 ? ErrorCode.UNAUTHORIZED : ErrorCode.VALIDATION_ERROR;
        return new StewardException(code, status, message, null, List.of(), null);
    }
}
