package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Principal;
import dev.steward.base.UserId;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Remembers for [#LIFE] whose a verified credential is, so that a request costs a hash and a look-up and no query.
/// What this node revokes is forgotten at once, by other nodes within [#LIFE]. Safe for use by many threads.
///
/// Requests that come with one credential at once share one look-up: whoever opens a hundred streams costs one query.
/// A credential that is being looked up while something is revoked is not remembered, and nobody who comes after that
/// shares the look-up: the epoch tells.
final class PrincipalCache {

    /// How long another node may still take a revoked credential.
    static final Duration LIFE = Duration.ofSeconds(5);

    /// Some 20 MB; more live credentials than this are looked up each time.
    private static final int ENTRIES_MAX = 50_000;

    private record Entry(Principal principal, long untilNanos) {}

    private record LookUp(String credential, long epoch) {}

    private final ConcurrentHashMap<String, Entry> entries = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<LookUp, CompletableFuture<Optional<Principal>>> underway =
            new ConcurrentHashMap<>();
    private final AtomicLong epoch = new AtomicLong();
    private final LongSupplier nanoTime;

    PrincipalCache(LongSupplier nanoTime) {
        this.nanoTime = requireNonNull(nanoTime, "nanoTime");
    }

    /// Whose the credential is: as remembered, or as `lookUp` says.
    Optional<Principal> get(String credential, Supplier<Optional<Principal>> lookUp) {
        long now = nanoTime.getAsLong();
        Entry entry = entries.get(credential);
        if (entry != null && entry.untilNanos() - now > 0) {
            return Optional.of(entry.principal());
        }
        var key = new LookUp(credential, epoch.get());
        var mine = new CompletableFuture<Optional<Principal>>();
        CompletableFuture<Optional<Principal>> earlier = underway.putIfAbsent(key, mine);
        if (earlier != null) {
            return outcome(earlier);
        }
        try {
            Optional<Principal> found = lookUp.get();
            found.ifPresent(principal -> remember(key, principal, now));
            mine.complete(found);
            return found;
        } catch (RuntimeException | Error e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            underway.remove(key, mine);
        }
    }

    private void remember(LookUp key, Principal principal, long now) {
        if (room(now)) {
            entries.put(key.credential(), new Entry(principal, now + LIFE.toNanos()));
            if (epoch.get() != key.epoch()) {
                entries.remove(key.credential());
            }
        }
    }

    private static Optional<Principal> outcome(CompletableFuture<Optional<Principal>> lookUp) {
        try {
            return lookUp.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }

    /// Forgets a session or an API key.
    void forgetCredential(UUID credential) {
        forget(principal -> principal.credential().equals(credential));
    }

    /// Forgets everything of a user.
    void forgetUser(UserId user) {
        forget(principal -> principal.user().equals(user));
    }

    private void forget(Predicate<Principal> which) {
        epoch.incrementAndGet();
        entries.values().removeIf(entry -> which.test(entry.principal()));
    }

    private boolean room(long now) {
        if (entries.size() >= ENTRIES_MAX) {
            entries.values().removeIf(entry -> entry.untilNanos() - now <= 0);
        }
        return entries.size() < ENTRIES_MAX;
    }
}
