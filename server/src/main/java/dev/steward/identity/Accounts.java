package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.FieldFault;
import dev.steward.base.IdSource;
import dev.steward.base.InputRules;
import dev.steward.base.Language;
import dev.steward.base.NameCheck;
import dev.steward.base.Page;
import dev.steward.base.Principal;
import dev.steward.base.Role;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import dev.steward.base.UserId;
import dev.steward.base.Wording;
import dev.steward.database.Transactions;
import dev.steward.web.PageRequest;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Accounts: registering, signing in, changing, deleting. Safe for use by many threads.
///
/// There is always an active administrator once there is an account: the first one is, and the last one can't be
/// deleted, demoted or deactivated.
public final class Accounts {

    static final int NAME_LENGTH_MAX = 100;

    /// No control characters, and none that turn the direction of the text around them.
    static final String NAME_PATTERN = "^[^\\x00-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069]*$";

    private static final Logger LOG = LoggerFactory.getLogger(Accounts.class);
    private static final UUID NO_SESSION = new UUID(0, 0);

    private final AccountStore store;
    private final SessionStore sessionStore;
    private final Sessions sessions;
    private final PasswordRules rules;
    private final InputRules inputRules;
    private final PasswordHasher hasher;
    private final SignInThrottle throttle;
    private final PrincipalCache cache;
    private final Transactions transactions;
    private final IdSource ids;
    private final AuthConfig config;
    private final AuthFailures failures;
    private final List<AccountListener> listeners;

    Accounts(
            AccountStore store,
            SessionStore sessionStore,
            Sessions sessions,
            PasswordRules rules,
            InputRules inputRules,
            PasswordHasher hasher,
            SignInThrottle throttle,
            PrincipalCache cache,
            Transactions transactions,
            IdSource ids,
            AuthConfig config,
            AuthFailures failures,
            List<AccountListener> listeners) {
        this.store = requireNonNull(store, "store");
        this.sessionStore = requireNonNull(sessionStore, "sessionStore");
        this.sessions = requireNonNull(sessions, "sessions");
        this.rules = requireNonNull(rules, "rules");
        this.inputRules = requireNonNull(inputRules, "inputRules");
        this.hasher = requireNonNull(hasher, "hasher");
        this.throttle = requireNonNull(throttle, "throttle");
        this.cache = requireNonNull(cache, "cache");
        this.transactions = requireNonNull(transactions, "transactions");
        this.ids = requireNonNull(ids, "ids");
        this.config = requireNonNull(config, "config");
        this.failures = requireNonNull(failures, "failures");
        this.listeners = List.copyOf(listeners);
    }

    /// The account of an id.
    public Optional<Account> find(UserId id) {
        return store.byId(id).map(AccountStore.Stored::account);
    }

    /// Whether no person has an account yet.
    boolean none() {
        return store.isEmpty();
    }

    /// Makes an account and signs it in. The first one is an administrator's, also when several come at once.
    SignedIn register(String address, String password, String displayName, Client client) {
        List<FieldFault> faults = new ArrayList<>();
        Optional<Email> email = Email.parse(address);
        if (email.isEmpty()) {
            faults.add(new FieldFault("email", "format", Saying.EMAIL_ADDRESS.said()));
        }
        String name = checkedName(displayName, faults);
        rules.check("password", password, List.of(address, displayName)).ifPresent(faults::add);
        if (!faults.isEmpty()) {
            throw StewardException.invalid(faults);
        }
        String hash = hasher.hash(password);
        UserId id = new UserId(ids.next());
        return transactions.inOne(() -> {
            store.lockAdmins();
            boolean first = store.isEmpty();
            if (!first && config.registration() == AuthConfig.Registration.CLOSED) {
                throw refused(403, Saying.REGISTRATION_CLOSED.said());
            }
            Role role = first ? Role.ADMIN : Role.USER;
            if (!store.insert(id, email.orElseThrow(), name, hash, role)) {
                throw refused(409, Saying.ACCOUNT_EXISTS.said());
            }
            LOG.atInfo().addKeyValue("user_id", id).addKeyValue("role", role).log("An account was registered");
            return sessions.open(own(id), client);
        });
    }

    /// Opens a session for whoever knows the password.
    ///
    /// @throws StewardException `unauthorized`, the same whatever was wrong; `rate_limit_exceeded` after
    ///     several tries
    SignedIn signIn(String address, String password, Client client) {
        Optional<Email> email = Email.parse(address);
        String name = email.map(Email::value).orElse("?");
        throttle.check(client.address(), name);
        Optional<AccountStore.Stored> stored = email.flatMap(store::byEmail);
        if (stored.isEmpty() || tooLong(password)) {
            hasher.matchNobody("");
            throw failed(client, name);
        }
        AccountStore.Stored account = stored.orElseThrow();
        if (!hasher.matches(password, account.password()) || !account.account().active()) {
            throw failed(client, name);
        }
        throttle.succeeded(client.address(), name);
        if (hasher.isOutdated(account.password())) {
            store.setPassword(account.account().id(), hasher.hash(password));
        }
        return sessions.open(account.account(), client);
    }

    Account rename(Principal caller, String displayName) {
        List<FieldFault> faults = new ArrayList<>();
        String name = checkedName(displayName, faults);
        if (!faults.isEmpty()) {
            throw StewardException.invalid(faults);
        }
        store.rename(caller.user(), name);
        return own(caller.user());
    }

    /// Keeps the zone that a person has named themselves.
    public void rememberTimeZone(UserId user, ZoneId zone) {
        store.setTimeZone(user, zone.getId());
    }

    /// @throws StewardException `validation_error` when it is no IANA time zone
    Account setTimeZone(Principal caller, String timeZone) {
        if (!ZoneId.getAvailableZoneIds().contains(timeZone)) {
            throw StewardException.invalid("time_zone", "time_zone", Saying.TIME_ZONE.said());
        }
        store.setTimeZone(caller.user(), timeZone);
        return own(caller.user());
    }

    /// @throws StewardException `validation_error` when it is none of [Language]
    Account setLanguage(Principal caller, String tag) {
        Language language = Language.of(tag)
                .orElseThrow(() -> StewardException.invalid(
                        List.of(new FieldFault("language", "one_of", "must be en, de, fr or es"))));
        store.setLanguage(caller.user(), language);
        return own(caller.user());
    }

    /// Changes the password and ends every other session.
    void changePassword(Principal caller, String current, String fresh, Client client) {
        AccountStore.Stored stored = store.byId(caller.user()).orElseThrow(() -> StewardException.notFound("account"));
        Account account = stored.account();
        throttle.check(client.address(), account.email());
        if (tooLong(current) || !hasher.matches(current, stored.password())) {
            throttle.failed(client.address(), account.email());
            failures.refused("password", "");
            throw new StewardException(
                    ErrorCode.UNAUTHORIZED,
                    403,
                    Saying.PASSWORD_WRONG.said(),
                    null,
                    List.of(new FieldFault("current_password", "wrong", Saying.PASSWORD_NOT_CURRENT.said())),
                    null);
        }
        rules.check("new_password", fresh, List.of(account.email(), account.displayName()))
                .ifPresent(fault -> {
                    throw StewardException.invalid(List.of(fault));
                });
        String hash = hasher.hash(fresh);
        transactions.inOne(() -> {
            store.setPassword(account.id(), hash);
            sessionStore.revokeAll(account.id(), caller.credential());
            return account;
        });
        cache.forgetUser(account.id());
    }

    /// Deletes the caller's account with everything that hangs on it.
    void delete(Principal caller) {
        UserId id = caller.user();
        transactions.inOne(() -> {
            store.lockAdmins();
            requireOtherAdmin(own(id));
            listeners.forEach(listener -> listener.deleting(id));
            store.delete(id);
            return id;
        });
        cache.forgetUser(id);
        LOG.atInfo().addKeyValue("user_id", id).log("An account was deleted");
    }

    Page<Account> list(PageRequest page) {
        return Page.of(
                store.list(page),
                page.limit(),
                account -> Cursors.at(account.created(), account.id().value()));
    }

    /// Gives an account another role, or closes or reopens it. Takes effect at once.
    Account administer(Principal admin, UserId id, Optional<Role> role, Optional<Boolean> active) {
        Account changed = transactions.inOne(() -> {
            store.lockAdmins();
            Account account = find(id).orElseThrow(() -> StewardException.notFound("account"));
            Role newRole = role.orElse(account.role());
            boolean newActive = active.orElse(account.active());
            if (newRole != Role.ADMIN || !newActive) {
                requireOtherAdmin(account);
                requireSomebodyElse(admin, account);
            }
            store.setRole(id, newRole, newActive);
            if (!newActive) {
                sessionStore.revokeAll(id, NO_SESSION);
            }
            return own(id);
        });
        cache.forgetUser(id);
        LOG.atInfo()
                .addKeyValue("user_id", id)
                .addKeyValue("admin_id", admin.user())
                .addKeyValue("role", changed.role())
                .addKeyValue("active", changed.active())
                .log("An account was changed by an administrator");
        return changed;
    }

    /// Gives an account another password and ends its sessions: for a person who forgot theirs. API keys stay.
    void resetPassword(Principal admin, UserId id, String fresh) {
        Account account = own(id);
        if (id.equals(admin.user())) {
            throw refused(409, Saying.OWN_PASSWORD.said());
        }
        if (account.email().equals(LocalKey.ADDRESS.value())) {
            throw refused(409, Saying.TERMINAL_ACCOUNT.said());
        }
        rules.check("new_password", fresh, List.of(account.email(), account.displayName()))
                .ifPresent(fault -> {
                    throw StewardException.invalid(List.of(fault));
                });
        String hash = hasher.hash(fresh);
        transactions.inOne(() -> {
            store.setPassword(id, hash);
            sessionStore.revokeAll(id, NO_SESSION);
            return account;
        });
        cache.forgetUser(id);
        LOG.atInfo()
                .addKeyValue("user_id", id)
                .addKeyValue("admin_id", admin.user())
                .log("A password was reset by an administrator");
    }

    /// Ends every session of an account.
    void signOutEverywhere(Principal admin, UserId id) {
        own(id);
        sessionStore.revokeAll(id, id.equals(admin.user()) ? admin.credential() : NO_SESSION);
        cache.forgetUser(id);
        LOG.atInfo()
                .addKeyValue("user_id", id)
                .addKeyValue("admin_id", admin.user())
                .log("Sessions were ended by an administrator");
    }

    /// The open sessions of an account.
    Page<Session> sessionsOf(Principal admin, UserId id, PageRequest page) {
        own(id);
        return Page.of(
                sessionStore.list(id, admin.credential(), page),
                page.limit(),
                session -> Cursors.at(session.created(), session.id()));
    }

    /// One slip must not take an administrator's own rights away.
    private static void requireSomebodyElse(Principal admin, Account account) {
        if (account.id().equals(admin.user())) {
            throw refused(409, Saying.NOT_YOURSELF.said());
        }
    }

    private void requireOtherAdmin(Account account) {
        if (account.role() == Role.ADMIN && account.active() && !store.hasOtherAdmin(account.id())) {
            throw refused(409, Saying.LAST_ADMINISTRATOR.said());
        }
    }

    private Account own(UserId id) {
        return find(id).orElseThrow(() -> StewardException.notFound("account"));
    }

    private StewardException failed(Client client, String name) {
        throttle.failed(client.address(), name);
        return failures.refused("password", Saying.SIGN_IN_WRONG.said());
    }

    private static boolean tooLong(String password) {
        return password.length() > 2 * PasswordRules.LENGTH_MAX;
    }

    /// @return the name as it is kept
    private String checkedName(String name, List<FieldFault> faults) {
        return switch (inputRules.displayName("display_name", name)) {
            case NameCheck.Accepted(String good) -> good;
            case NameCheck.Refused(List<FieldFault> wrong) -> {
                faults.addAll(wrong);
                yield "";
            }
        };
    }

    private static StewardException refused(int status, Wording message) {
        ErrorCode code = status == 403 ? ErrorCode.UNAUTHORIZED : ErrorCode.VALIDATION_ERROR;
        return new StewardException(code, status, message, null, List.of(), null);
    }
}
