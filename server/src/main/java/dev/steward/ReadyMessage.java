package dev.steward;

import dev.steward.base.Version;
import dev.steward.config.Configuration;
import dev.steward.web.HttpConfig;
import java.net.URI;
import java.time.Duration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;

/// What `steward run` prints when it is ready: address, model, data.
final class ReadyMessage {

    /// How the launcher was called, so that what is shown can be typed.
    private static final String COMMAND = "steward.command";

    private ReadyMessage() {}

    static String of(URI address, Configuration configuration, Duration took) {
        return """
                Steward %s is ready after %.1f s.
                  address  %s
                  data     %s
                  use it   open the address in a browser, or: %s chat
                  stop it  Ctrl-C""".formatted(
                        Version.current().number(),
                        took.toMillis() / 1000.0,
                        address,
                        configuration.home().path(),
                        System.getProperty(COMMAND, "steward"));
    }

    /// The port that was taken when the configuration says 0.
    static URI address(ApplicationContext context, Configuration configuration) {
        String host = configuration.get(HttpConfig.class).host();
        String shown = host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
        int port = context instanceof WebServerApplicationContext web && web.getWebServer() != null
                ? web.getWebServer().getPort()
                : configuration.get(HttpConfig.class).port();
        return URI.create("http://" + (shown.contains(":") ? "[" + shown + "]" : shown) + ":" + port);
    }
}
