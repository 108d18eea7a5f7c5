package dev.steward.web;

import dev.steward.config.Section;
import dev.steward.config.Setting;
import java.util.List;
import java.util.regex.Pattern;

/// Settings of the assistant that other sites show; section `widget`.
public record WidgetConfig(
        @Setting("Sites that may show the assistant in a frame, each as an origin such as https://www.example.org."
                + " Empty: none may.")
        List<String> origins) {

    public static final Section<WidgetConfig> SECTION = new Section<>("widget", WidgetConfig.class);

    /// All of them go into one header.
    static final int ORIGINS_MAX = 50;

    /// An origin as browsers write it; no wildcard, since whoever holds any name below it could show the frame.
    private static final Pattern ORIGIN = Pattern.compile(
            "https?://([a-z0-9]([a-z0-9-]*[a-z0-9])?)(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:[0-9]{1,5})?");

    public WidgetConfig {
        origins = List.copyOf(origins);
        if (origins.size() > ORIGINS_MAX) {
            throw new IllegalArgumentException("at most " + ORIGINS_MAX + " origins");
        }
        for (String origin : origins) {
            if (!ORIGIN.matcher(origin).matches()) {
                throw new IllegalArgumentException("an origin is like https://www.example.org, in lower case, without"
                        + " a path or a last slash; was " + origin);
            }
        }
    }

    /// No site may show it.
    static WidgetConfig nowhere() {
        return new WidgetConfig(List.of());
    }
}
