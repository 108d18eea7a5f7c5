package dev.steward.redis;

import dev.steward.base.Saying;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import redis.clients.jedis.exceptions.JedisClusterException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/// Says in words why Redis does not do what it is asked for. No message repeats what Redis said or what it was sent:
/// either may hold a secret.
public final class RedisFaults {

    /// Why it does not work.
    ///
    /// @param message for people: one sentence, and what to do where somebody must
    /// @param byItself whether it can be over without anybody changing a setting
    public record Fault(String message, boolean byItself) {}

    private RedisFaults() {}

    /// What is the matter.
    ///
    /// @param address the server's, as [RedisServer#address]
    public static Fault describe(JedisException failure, String address) {
        String told = Optional.ofNullable(failure.getMessage()).orElse("");
        return switch (failure) {
            case JedisRedirectionException _, JedisClusterException _ ->
                wrong("Redis at " + address + " is a cluster. Set redis.url to a single Redis.");
            case JedisConnectionException _ -> connection(failure, told, address);
            case JedisDataException _ -> refusal(told, address);
            default ->
                passing("Redis at " + address + " failed (" + failure.getClass().getSimpleName() + ").");
        };
    }

    private static Fault connection(JedisException failure, String told, String address) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException) {
                return wrong(Saying.REDIS_UNKNOWN_HOST.english(address));
            }
            if (cause instanceof SSLException) {
                return wrong("No TLS connection to Redis at " + address
                        + ": it speaks no TLS, or its certificate is not trusted or not for this host."
                        + " Check redis.url and the certificate.");
            }
            if (cause instanceof java.net.SocketTimeoutException) {
                return passing(Saying.REDIS_SLOW.english(address));
            }
            for (Throwable other : cause.getSuppressed()) {
                if (other instanceof java.net.ConnectException) {
                    return unreachable(address);
                }
            }
        }
        return told.toLowerCase(Locale.ROOT).contains("unexpected end of stream")
                ? passing(Saying.REDIS_HANGS_UP.english(address))
                : unreachable(address);
    }

    private static Fault unreachable(String address) {
        return passing(Saying.REDIS_UNREACHABLE.english(address));
    }

    private static Fault refusal(String told, String address) {
        int space = told.indexOf(' ');
        String word = space < 0 ? told : told.substring(0, space);
        String rest = told.toLowerCase(Locale.ROOT);
        return switch (word) {
            case "WRONGPASS" -> wrong(Saying.REDIS_WRONG_PASSWORD.english(address));
            case "NOAUTH" -> wrong(Saying.REDIS_WANTS_PASSWORD.english(address));
            case "NOPERM" ->
                wrong("The user of redis.url may not do at Redis at " + address
                        + " what Steward needs; see docs/operating/redis.md.");
            case "READONLY" -> wrong("Redis at " + address + " is a read-only replica. Set redis.url to the primary.");
            case "LOADING" -> passing("Redis at " + address + " is still loading its data.");
            case "OOM" -> passing("Redis at " + address + " has no memory left (maxmemory).");
            case "MISCONF", "MASTERDOWN", "NOREPLICAS" -> passing("Redis at " + address + " takes no writes now.");
            case "WRONGTYPE" ->
                wrong("A key of Steward in Redis at " + address
                        + " was overwritten by another program. Give Steward a database number of its own.");
            default -> {
                if (rest.contains("unknown command") || rest.contains("unknown redis command")) {
                    yield wrong("Redis at " + address + " is too old: Steward needs Redis 5 or later, with Streams.");
                }
                if (rest.contains("invalid password") || rest.contains("no password is set")) {
                    yield wrong(Saying.REDIS_WRONG_PASSWORD.english(address));
                }
                if (rest.contains("db index") || rest.contains("invalid db")) {
                    yield wrong("Redis at " + address + " has no database of the number in redis.url.");
                }
                yield passing("Redis at " + address + " refused a command.");
            }
        };
    }

    private static Fault passing(String message) {
        return new Fault(message, true);
    }

    private static Fault wrong(String message) {
        return new Fault(message, false);
    }
}
