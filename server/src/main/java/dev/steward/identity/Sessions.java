package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import dev.steward.base.IdSource;
import dev.steward.base.Page;
import dev.steward.base.Principal;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import dev.steward.database.Transactions;
import dev.steward.web.PageRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sessions and the refresh tokens that carry them on. Safe for use by many threads.
///
/// A refresh token is used once and gives the next one, which is derived from it: so a client whose answer got lost
/// can ask again within [#GRACE] and gets the same next token. A token that is shown again later, or after its
/// child was used, is in two hands: its session ends at once. Source: RFC 9700, section 4.14.2; ASVS 5.0, 10.4.5
/// and 10.4.8.
final class Sessions {

    /// Long enough for a repeat of a lost answer, too short to be of use to a thief.
    static final Duration GRACE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final int TOKEN_LENGTH = 43;

    private final SessionStore store;
    private final AccountStore accounts;
    private final AccessTokens tokens;
    private final AuthKeyStore keys;
    private final PrincipalCache cache;
    private final Transactions transactions;
    private final IdSource ids;
    private final AuthConfig config;
    private final SecureRandom random;
    private final AuthFailures failures;

    Sessions(
            SessionStore store,
            AccountStore accounts,
            AccessTokens tokens,
            AuthKeyStore keys,
            PrincipalCache cache,
            Transactions transactions,
            IdSource ids,
            AuthConfig config,
            SecureRandom random,
            AuthFailures failures) {
        this.store = requireNonNull(store, "store");
        this.accounts = requireNonNull(accounts, "accounts");
        this.tokens = requireNonNull(tokens, "tokens");
        this.keys = requireNonNull(keys, "keys");
        this.cache = requireNonNull(cache, "cache");
        this.transactions = requireNonNull(transactions, "transactions");
        this.ids = requireNonNull(ids, "ids");
        this.config = requireNonNull(config, "config");
        this.random = requireNonNull(random, "random");
        this.failures = requireNonNull(failures, "failures");
    }

    /// Opens a session; in the caller's transaction, if there is one.
    SignedIn open(Account account, Client client) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String refresh = encode(bytes);
        UUID id = ids.next();
        transactions.inOne(() -> {
            store.insert(id, account.id(), client.name(), client.address().getHostAddress(), config.sessionMax());
            store.insertToken(hash(refresh), id);
            return id;
        });
        return signedIn(account, id, refresh);
    }

    /// Carries a session on.
    ///
    /// @throws StewardException `unauthorized` when the token is unknown, too old, or was used before
    SignedIn refresh(String token, Client client) {
        if (token.length() != TOKEN_LENGTH) {
            throw failures.refused("refresh_unknown", "Sign in again: this session is not known here.");
        }
        String child = encode(keys.keys().derive("refresh", token));
        Optional<UUID> session = transactions.inOne(() -> {
            Optional<UUID> used = store.use(hash(token), hash(child), config.sessionIdle());
            used.ifPresent(id -> {
                store.insertToken(hash(child), id);
                store.touch(id);
            });
            return used;
        });
        UUID id = session.orElseGet(() -> again(token, client));
        Account account = store.holder(id)
                .flatMap(holder -> accounts.byId(holder.user()))
                .map(AccountStore.Stored::account)
                .orElseThrow(() -> failures.refused("refresh_revoked", "Sign in again: this session has ended."));
        return signedIn(account, id, child);
    }

    /// A token that could not be used: a repeat in time, or one that is in two hands.
    private UUID again(String token, Client client) {
        SessionStore.Shown shown = store.find(hash(token), GRACE, config.sessionIdle())
                .orElseThrow(
                        () -> failures.refused("refresh_unknown", "Sign in again: this session is not known here."));
        if (!shown.live()) {
            throw failures.refused("refresh_revoked", "Sign in again: this session has ended.");
        }
        if (shown.usedJustNow() && shown.childUnused() && shown.client().equals(client.name())) {
            return shown.session();
        }
        revoke(shown.session(), shown.user());
        LOG.atWarn()
                .addKeyValue("session_id", shown.session())
                .addKeyValue("user_id", shown.user())
                .log("A refresh token was used twice; its session was ended");
        throw failures.refused(
                "refresh_reused", "This session was ended because its token was used twice. Sign in again.");
    }

    /// Ends the session that a refresh token belongs to; an unknown token ends nothing.
    void signOut(String refreshToken) {
        store.find(hash(refreshToken), GRACE, config.sessionIdle())
                .ifPresent(shown -> revoke(shown.session(), shown.user()));
    }

    /// @return whether there was such a session of this user
    boolean revoke(UUID session, UserId owner) {
        boolean revoked = store.revoke(session, owner);
        cache.forgetCredential(session);
        return revoked;
    }

    Page<Session> list(Principal caller, PageRequest page) {
        return Page.of(
                store.list(caller.user(), caller.credential(), page),
                page.limit(),
                session -> Cursors.at(session.created(), session.id()));
    }

    boolean csrfTokenMatches(UUID session, String token) {
        return MessageDigest.isEqual(
                csrf(session).getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }

    /// @throws StewardException the answer for a session that is not there or somebody else's
    void revokeOwn(Principal caller, UUID session) {
        if (!revoke(session, caller.user())) {
            throw StewardException.notFound("session");
        }
    }

    private SignedIn signedIn(Account account, UUID session, String refresh) {
        return new SignedIn(account, tokens.issue(account.id(), session), refresh, csrf(session));
    }

    private String csrf(UUID session) {
        return encode(keys.keys().derive("csrf", session.toString()));
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] hash(String token) {
        return Digest.sha256(token);
    }
}
