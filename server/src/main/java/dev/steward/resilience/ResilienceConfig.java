package dev.steward.resilience;

import static java.util.Objects.requireNonNull;

import dev.steward.config.Section;
import dev.steward.config.Setting;

/// The settings of section `resilience`.
public record ResilienceConfig(
        @Setting("When a circuit breaker opens and closes.") BreakerConfig breaker,

        @Setting("How often and how fast a failed call is made again.")
        RetryPolicy retry) {

    /// Where it stands in the configuration.
    public static final Section<ResilienceConfig> SECTION = new Section<>("resilience", ResilienceConfig.class);

    public ResilienceConfig {
        requireNonNull(breaker, "breaker");
        requireNonNull(retry, "retry");
    }
}
