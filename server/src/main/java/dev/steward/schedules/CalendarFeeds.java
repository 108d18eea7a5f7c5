package dev.steward.schedules;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/// A person's reminders and schedules for other programs, at an address that only they know. Off until they make
/// one. Safe for use by many threads.
final class CalendarFeeds {

    /// More than anybody can guess.
    private static final int TOKEN_BYTES = 32;

    /// No token is longer; what is, is not even looked up.
    private static final int TOKEN_CHARS_MAX = 64;

    /// Entries of a feed, the next ones first: more than any calendar shows.
    private static final int ENTRIES_MAX = 1_000;

    private final CalendarFeedStore store;
    private final Schedules schedules;
    private final SecureRandom random;

    CalendarFeeds(CalendarFeedStore store, Schedules schedules, SecureRandom random) {
        this.store = requireNonNull(store, "store");
        this.schedules = requireNonNull(schedules, "schedules");
        this.random = requireNonNull(random, "random");
    }

    Optional<CalendarFeedStore.Feed> find(UserId owner) {
        return store.find(owner);
    }

    /// Makes the address, or another one in place of the one that was there, which ends.
    ///
    /// @return its token, which is not kept
    String open(UserId owner) {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        store.put(owner, sha256(token));
        return token;
    }

    /// Ends it.
    void close(UserId owner) {
        store.delete(owner);
    }

    /// The calendar behind a token; empty: there is none.
    Optional<String> read(String token) {
        if (token.length() > TOKEN_CHARS_MAX) {
            return Optional.empty();
        }
        Optional<UserId> owner = store.owner(sha256(token));
        owner.ifPresent(store::read);
        return owner.map(o -> CalendarWriter.write(schedules.ahead(o, ENTRIES_MAX), schedules.now()));
    }

    private static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
