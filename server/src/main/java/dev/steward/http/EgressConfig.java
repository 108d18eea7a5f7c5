package dev.steward.http;

import dev.steward.base.AddressRange;
import dev.steward.config.Section;
import dev.steward.config.Setting;
import java.util.List;

/// The settings of section `egress`.
public record EgressConfig(
        @Setting(
                "Private addresses, single or as ranges such as 10.0.0.0/8, that http tasks, webhooks and fetched pages"
                        + " may reach. Configured backends are always reachable.")
        List<String> allow) {

    /// Where it stands in the configuration.
    public static final Section<EgressConfig> SECTION = new Section<>("egress", EgressConfig.class);

    /// More ranges than this are a firewall's work.
    public static final int RANGES_MAX = 1_000;

    public EgressConfig {
        allow = List.copyOf(allow);
        if (allow.size() > RANGES_MAX) {
            throw new IllegalArgumentException("at most " + RANGES_MAX + " ranges");
        }
        allow.forEach(AddressRange::parse);
    }
}
