package dev.steward.identity;

import dev.steward.base.Language;
import dev.steward.base.Role;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An account as it is shown.
record UserView(
        UUID id,
        String email,
        String displayName,
        @Nullable String timeZone,
        @Nullable String language,
        Role role,
        boolean active,
        Instant created,
        Instant updated) {

    static UserView of(Account account) {
        return new UserView(
                account.id().value(),
                account.email(),
                account.displayName(),
                account.timeZone().orElse(null),
                account.language().map(Language::tag).orElse(null),
                account.role(),
                account.active(),
                account.created(),
                account.updated());
    }
}
