package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Permission;
import dev.steward.base.Principal;
import dev.steward.base.Role;
import dev.steward.web.Authenticator;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// Checks access tokens and API keys. Safe for use by many threads.
final class CredentialCheck implements Authenticator {

    private static final String MESSAGE = "The token or API key is not valid any more, or never was. Sign in again.";

    private final AccessTokens tokens;
    private final SessionStore sessions;
    private final ApiKeyStore apiKeys;
    private final PrincipalCache cache;
    private final Sessions csrf;
    private final AuthFailures failures;

    CredentialCheck(
            AccessTokens tokens,
            SessionStore sessions,
            ApiKeyStore apiKeys,
            PrincipalCache cache,
            Sessions csrf,
            AuthFailures failures) {
        this.tokens = requireNonNull(tokens, "tokens");
        this.sessions = requireNonNull(sessions, "sessions");
        this.apiKeys = requireNonNull(apiKeys, "apiKeys");
        this.cache = requireNonNull(cache, "cache");
        this.csrf = requireNonNull(csrf, "csrf");
        this.failures = requireNonNull(failures, "failures");
    }

    @Override
    public Principal authenticate(String token) {
        boolean apiKey = token.startsWith(ApiKeyText.PREFIX);
        return cache.get(token, () -> apiKey ? byKey(token) : bySession(token))
                .orElseThrow(() -> failures.refused(apiKey ? "api_key" : "access_token", MESSAGE));
    }

    @Override
    public Principal authenticateCookie(String accessToken) {
        if (accessToken.startsWith(ApiKeyText.PREFIX)) {
            throw failures.refused("access_token", MESSAGE);
        }
        return authenticate(accessToken);
    }

    @Override
    public boolean csrfTokenMatches(Principal principal, String token) {
        return csrf.csrfTokenMatches(principal.credential(), token);
    }

    @Override
    public boolean stillStands(Principal principal) {
        return sessions.holder(principal.credential()).isPresent() || apiKeys.stands(principal.credential());
    }

    private Optional<Principal> bySession(String token) {
        return tokens.read(token)
                .flatMap(claims -> sessions.holder(claims.session())
                        .filter(holder -> holder.user().equals(claims.user()))
                        .map(holder -> principal(holder, claims.session())));
    }

    private Optional<Principal> byKey(String text) {
        return ApiKeyText.parse(text)
                .flatMap(key -> apiKeys.byHandle(key.handle())
                        .filter(holder -> MessageDigest.isEqual(holder.hash(), Digest.sha256(text)))
                        .map(holder -> {
                            apiKeys.touch(holder.id());
                            return new Principal(holder.user(), holder.role(), holder.id(), holder.scopes());
                        }));
    }

    private static Principal principal(SessionStore.Holder holder, UUID session) {
        return new Principal(holder.user(), holder.role(), session, all(holder.role()));
    }

    private static Set<Permission> all(Role role) {
        return Arrays.stream(Permission.values()).filter(role::may).collect(Collectors.toUnmodifiableSet());
    }
}
