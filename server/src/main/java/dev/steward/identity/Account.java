package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Language;
import dev.steward.base.Role;
import dev.steward.base.UserId;
import java.time.Instant;
import java.util.Optional;

/// One account, without its password.
///
/// @param email       normalised, see [Email]
/// @param timeZone    an IANA name; empty: the installation's
/// @param language    that they want to be spoken to; empty: nobody said
/// @param active      whether it can be used; a deactivated account keeps its data
public record Account(
        UserId id,
        String email,
        String displayName,
        Optional<String> timeZone,
        Optional<Language> language,
        Role role,
        boolean active,
        Instant created,
        Instant updated) {

    public Account {
        requireNonNull(id, "id");
        requireNonNull(email, "email");
        requireNonNull(displayName, "displayName");
        requireNonNull(timeZone, "timeZone");
        requireNonNull(language, "language");
        requireNonNull(role, "role");
        requireNonNull(created, "created");
        requireNonNull(updated, "updated");
    }
}
