package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import dev.steward.config.Section;
import dev.steward.config.Setting;
import java.time.Duration;

/// Settings of accounts and sessions.
public record AuthConfig(
        @Setting(
                value = "Who may register: open (anyone who reaches the server) or closed (only the first account).",
                fallback = "open")
        Registration registration,

        @Setting(value = "Life of an access token, 1 minute to 1 hour.", fallback = "600000")
        Duration accessToken,

        @Setting(
                value = "Life of a session that is not used, 1 hour to 90 days; each refresh starts it anew.",
                fallback = "1209600000")
        Duration sessionIdle,

        @Setting(value = "Longest life of a session, 1 hour to 1 year.", fallback = "7776000000")
        Duration sessionMax) {

    public static final Section<AuthConfig> SECTION = new Section<>("auth", AuthConfig.class);

    /// Who may register.
    public enum Registration {
        OPEN,
        CLOSED
    }

    public AuthConfig {
        requireNonNull(registration, "registration");
        check("access_token_ms", accessToken, Duration.ofMinutes(1), Duration.ofHours(1));
        check("session_idle_ms", sessionIdle, Duration.ofHours(1), Duration.ofDays(90));
        check("session_max_ms", sessionMax, Duration.ofHours(1), Duration.ofDays(366));
    }

    private static void check(String key, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(key + " must be " + min.toMillis() + " to " + max.toMillis());
        }
    }
}
