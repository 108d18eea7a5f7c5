package dev.steward.web;

import dev.steward.config.Section;
import dev.steward.config.Setting;

/// How often one caller may come, by kind of request. High enough for people and their programs, low enough that
/// one caller can't take the server from the others.
public record RatesConfig(
        @Setting(
                value = "Sign-ins and the like per minute, for each address, 1 to 100000; failed tries also wait"
                        + " longer and longer.",
                fallback = "60")
        int authPerMinute,

        @Setting(value = "Reads per second, for each user, 1 to 100000; twice as many at once.", fallback = "200")
        int readPerSecond,

        @Setting(value = "Changes per second, for each user, 1 to 100000; twice as many at once.", fallback = "100")
        int writePerSecond,

        @Setting(
                value =
                        "Requests per second that make a model work, for each user, 1 to 100000; twice as many at once.",
                fallback = "50")
        int modelPerSecond) {

    public static final Section<RatesConfig> SECTION = new Section<>("rates", RatesConfig.class);

    private static final int MAX = 100_000;

    public RatesConfig {
        check("auth_per_minute", authPerMinute);
        check("read_per_second", readPerSecond);
        check("write_per_second", writePerSecond);
        check("model_per_second", modelPerSecond);
    }

    private static void check(String key, int value) {
        if (value < 1 || value > MAX) {
            throw new IllegalArgumentException(key + " must be 1 to " + MAX);
        }
    }
}
