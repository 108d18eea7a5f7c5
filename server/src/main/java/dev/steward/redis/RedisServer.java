package dev.steward.redis;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Secret;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/// A Redis that is configured. Keeps no connection itself: whoever opens one owns it, uses it from one thread at a
/// time, and closes it.
///
/// Safe for use by many threads.
public final class RedisServer {

    /// Longest wait for a connection. Nothing waits for it but the thread that connects.
    private static final Duration CONNECT_MAX = Duration.ofSeconds(2);

    private final RedisUrl url;
    private final @Nullable SSLSocketFactory tls;

    /// @throws IllegalArgumentException the URL is none, see [RedisConfig]
    public static RedisServer at(Secret url) {
        return new RedisServer(RedisUrl.parse(url.value()), null);
    }

    /// @param tls for `rediss://`; null: trusts what the JVM trusts
    RedisServer(RedisUrl url, @Nullable SSLSocketFactory tls) {
        this.url = requireNonNull(url, "url");
        this.tls = tls;
    }

    /// Host and port, for messages.
    public String address() {
        return url.address();
    }

    /// Opens a connection, signed in and in the right database.
    ///
    /// @param name      what Redis' own list of clients calls it: letters, digits, `-`
    /// @param replyMax  longest wait for a reply
    /// @param blockMax  longest wait for the reply to a command that waits for something to happen
    /// @throws JedisException it does not work; [RedisFaults#describe] says why
    public Jedis open(String name, Duration replyMax, Duration blockMax) {
        var config = DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis(Math.toIntExact(CONNECT_MAX.toMillis()))
                .socketTimeoutMillis(Math.toIntExact(replyMax.toMillis()))
                .blockingSocketTimeoutMillis(Math.toIntExact(blockMax.toMillis()))
                .database(url.database())
                .clientName(name);
        Optional<String> password = url.password().map(Secret::value);
        password.ifPresent(config::password);
        url.user().ifPresent(config::user);
        if (url.tls()) {
            config.ssl(true).sslParameters(verified());
            if (tls != null) {
                config.sslSocketFactory(tls);
            }
        }
        var connection = new Jedis(new HostAndPort(url.host(), url.port()), config.build());
        try {
            connection.connect();
            connection.ping();
            return connection;
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /// Without this any certificate would do that somebody trusted has signed, for whichever host.
    private static SSLParameters verified() {
        var parameters = new SSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        return parameters;
    }
}
