package dev.steward.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.steward.base.Secret;
import dev.steward.redis.RedisFaults.Fault;
import dev.steward.testing.RedisFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.exceptions.JedisException;

/// What a person is told of a Redis that does not do.
class RedisServerIT {

    private static final Duration REPLY = Duration.ofSeconds(1);

    @AutoClose
    static final RedisFixture open = RedisFixture.start();

    @AutoClose
    static final RedisFixture guarded = RedisFixture.start("--requirepass", "the secret");

    private static Jedis connect(String url) {
        return RedisServer.at(new Secret(url)).open("test", REPLY, REPLY);
    }

    private static Fault faultOf(String url) {
        RedisServer server = RedisServer.at(new Secret(url));
        JedisException failure = catchThrowableOfType(
                JedisException.class, () -> server.open("test", REPLY, REPLY).close());
        assertThat(failure).as("it should not work").isNotNull();
        Fault fault = RedisFaults.describe(failure, server.address());
        assertThat(fault.message()).doesNotContain("secret");
        return fault;
    }

    @Test
    void signsInAndPicksTheDatabase() {
        try (Jedis redis = connect("redis://default:the%20secret@127.0.0.1:" + guarded.port() + "/7")) {
            redis.set("key", "value");
            redis.select(0);
            assertThat(redis.get("key")).isNull();
            redis.select(7);
            assertThat(redis.get("key")).isEqualTo("value");
        }
    }

    @Test
    void tellsThatNobodyIsThere() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        assertThat(faultOf("redis://127.0.0.1:" + port))
                .isEqualTo(new Fault("Redis at 127.0.0.1:" + port + " can't be reached.", true));
    }

    @Test
    void tellsThatTheHostIsUnknown() {
        assertThat(faultOf("redis://no-such-host.invalid:1").message())
                .contains("host")
                .contains("Check redis.url");
    }

    @Test
    void tellsThatThePasswordIsWrongOrMissing() {
        assertThat(faultOf("redis://:wrong-secret@127.0.0.1:" + guarded.port()))
                .satisfies(f -> assertThat(f.message()).contains("refuses the user or the password"))
                .satisfies(f -> assertThat(f.byItself()).isFalse());
        assertThat(faultOf("redis://127.0.0.1:" + guarded.port()).message()).contains("wants a password");
        assertThat(faultOf("redis://nobody:secret@127.0.0.1:" + open.port()).message())
                .contains("refuses the user or the password");
    }

    @Test
    void tellsThatTheDatabaseDoesNotExist() {
        assertThat(faultOf("redis://127.0.0.1:" + open.port() + "/9999").message())
                .contains("no database of the number");
    }

    @Test
    void withTlsOnlyACertificateThatIsTrustedAndForThisHostWillDo(@TempDir Path directory) throws Exception {
        var here = TestCertificate.make(directory, "ip:127.0.0.1");
        var elsewhere = TestCertificate.make(directory, "dns:elsewhere.example");
        try (RedisFixture redis = tls(here);
                RedisFixture other = tls(elsewhere)) {
            RedisUrl url = RedisUrl.parse("rediss://127.0.0.1:" + redis.tlsPort());
            RedisUrl otherUrl = RedisUrl.parse("rediss://127.0.0.1:" + other.tlsPort());
            try (Jedis trusted = new RedisServer(url, here.trusting()).open("test", REPLY, REPLY)) {
                assertThat(trusted.ping()).isEqualTo("PONG");
            }

            assertThat(faultOf("rediss://127.0.0.1:" + redis.tlsPort()).message())
                    .contains("certificate is not trusted");
            JedisException wrongHost = catchThrowableOfType(
                    JedisException.class,
                    () -> new RedisServer(otherUrl, elsewhere.trusting()).open("test", REPLY, REPLY));
            assertThat(RedisFaults.describe(wrongHost, "host:1").message()).contains("not for this host");
        }
    }

    private static RedisFixture tls(TestCertificate certificate) {
        return RedisFixture.withTls(certificate.certificate(), certificate.key());
    }

    @Test
    void tellsThatItDoesNotAnswer() {
        try (RedisFixture paused = RedisFixture.start()) {
            paused.pause();
            assertThat(faultOf("redis://127.0.0.1:" + paused.port()).message()).contains("does not answer in time");
        }
    }

    @Test
    void tellsOfAReadOnlyReplica() {
        try (RedisFixture replica = RedisFixture.start("--replicaof", "127.0.0.1 " + open.port());
                Jedis redis = connect(replica.url())) {
            JedisException failure = catchThrowableOfType(
                    JedisException.class, () -> redis.xgroupCreate("key", "group", new StreamEntryID(), true));
            assertThat(RedisFaults.describe(failure, "host:1").message()).contains("read-only replica");
        }
    }

    @Test
    void tellsThatItIsTooOld() {
        // As every Redis before 5 is: it does not know the commands of Streams.
        try (RedisFixture old = RedisFixture.start("--rename-command", "XGROUP", "");
                Jedis redis = connect(old.url())) {
            JedisException failure = catchThrowableOfType(
                    JedisException.class, () -> redis.xgroupCreate("key", "group", new StreamEntryID(), true));
            assertThat(RedisFaults.describe(failure, "host:1").message()).contains("too old");
        }
    }

    @Test
    void tellsThatItSpeaksSomethingElse() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (var socket = other.accept()) {
                    socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                    socket.getOutputStream().flush();
                    socket.getInputStream().read();
                } catch (IOException _) {
                    // The client has gone.
                }
            });
            assertThat(faultOf("redis://127.0.0.1:" + other.getLocalPort()).message())
                    .contains("Redis at");
        }
    }
}
