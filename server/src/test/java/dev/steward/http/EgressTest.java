package dev.steward.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EgressTest {

    private static final EgressConfig LOOPBACK = new EgressConfig(List.of("127.0.0.0/8"));
    private static final EgressConfig NOTHING = new EgressConfig(List.of());
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Seen: a\r\nX-Seen: b\r\n\r\nhi";

    private static FetchRequest get(String url) {
        return new FetchRequest("GET", url, Map.of(), null, Duration.ofSeconds(10), 1_000);
    }

    private static EgressException.Kind failure(Egress egress, FetchRequest request) {
        return catchThrowableOfType(EgressException.class, () -> egress.fetch(request))
                .kind();
    }

    @Test
    void noSpellingOfAPrivateAddressIsEverConnectedTo() throws Exception {
        try (var canary = RawServer.answering(OK);
                var egress = new Egress(NOTHING, EgressTest::neverPublic)) {
            List<String> reached = new ArrayList<>();
            List<String> spellings = urls(canary.port());
            for (String url : spellings) {
                try {
                    egress.fetch(get(url));
                    reached.add(url);
                } catch (EgressException e) {
                    if (!e.nothingSent()) {
                        reached.add(url + " " + e.kind());
                    }
                }
            }

            assertThat(spellings).hasSizeGreaterThanOrEqualTo(80);
            assertThat(reached).isEmpty();
            assertThat(canary.connections()).isZero();
        }
    }

    /// Names of the test lead to loopback; literals are read as the system does.
    private static InetAddress[] neverPublic(String host) throws UnknownHostException {
        return Character.isLetter(host.charAt(host.length() - 1)) && host.indexOf(':') < 0
                ? new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")}
                : new InetAddress[] {InetAddress.ofLiteral(host)};
    }

    private static List<String> urls(int port) {
        List<String> hosts = new ArrayList<>(List.of(
                "127.0.0.1",
                "127.1",
                "127.0.1",
                "127.000.000.001",
                "0127.0.0.1",
                "0177.0.0.1",
                "0x7f.0.0.1",
                "0x7f000001",
                "0x7F.1",
                "2130706433",
                "017700000001",
                "127.0.0.1.",
                "127.0.0.256",
                "127.0.0.01",
                "127.255.255.254",
                "0.0.0.0",
                "0",
                "0.1.2.3",
                "00.0.0.0",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.255",
                "169.254.169.254",
                "169.254.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.0.170",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.0.1",
                "192.168.255.255",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "[::1]",
                "[0:0:0:0:0:0:0:1]",
                "[::]",
                "[::127.0.0.1]",
                "[::7f00:1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[::FFFF:7F00:0001]",
                "[0:0:0:0:0:ffff:127.0.0.1]",
                "[::ffff:10.0.0.1]",
                "[::ffff:0:127.0.0.1]",
                "[64:ff9b::7f00:1]",
                "[64:ff9b::127.0.0.1]",
                "[64:ff9b::a9fe:a9fe]",
                "[64:ff9b:1::1]",
                "[100::1]",
                "[2001::1]",
                "[2001:0:7f00:1::]",
                "[2001:db8::1]",
                "[2002:7f00:1::]",
                "[2002:7f00:0001::1]",
                "[3fff::1]",
                "[5f00::1]",
                "[fc00::1]",
                "[fd00::1]",
                "[fd12:3456:789a::1]",
                "[fe80::1]",
                "[fe80::1%25eth0]",
                "[::1%25lo]",
                "[fec0::1]",
                "[ff02::1]",
                "[4000::1]",
                "localhost",
                "LOCALHOST",
                "localhost.",
                "foo.localhost",
                "evil.example",
                "1.1.1.1@127.0.0.1",
                "evil.example#@127.0.0.1",
                "evil.example%00.com",
                "127.0.0.1%2f",
                "①②⑦.⓪.⓪.①",
                "127。0。0。1",
                "ｌｏｃａｌｈｏｓｔ",
                "local\u00ADhost",
                "xn--.localhost",
                "a..b",
                "-a.example",
                "user:pass@localhost",
                "@localhost",
                "localhost:80:" + port));
        List<String> urls = new ArrayList<>();
        hosts.forEach(host -> urls.add("http://" + host + ":" + port + "/"));
        hosts.forEach(host -> urls.add("http://" + host + "/"));
        String local = "127.0.0.1:" + port;
        urls.addAll(List.of(
                "ftp://" + local + "/",
                "file:///etc/passwd",
                "gopher://" + local + "/",
                "jar:http://" + local + "!/",
                "http:" + local,
                "http:/" + local + "/",
                "//" + local + "/",
                local,
                "http:///" + local + "/",
                "http:\\\\" + local + "\\",
                "http://" + local + "\\@evil.example/",
                " http://" + local + "/",
                "http://" + local + "/ ",
                "http://\t" + local + "/",
                "http://" + local + "\r\nHost: x/",
                "http://127.0.0.1:0/",
                "http://127.0.0.1:65536/",
                "http://127.0.0.1:/",
                "http://127.0.0.1:-1/",
                "http://127.0.0.1:" + port + "0000/",
                "HTTP://" + local + "/",
                "http://" + "a".repeat(2_100),
                "",
                "http://",
                "http://?x",
                "http://#x",
                "javascript:alert(1)",
                "data:text/plain,x"));
        return urls;
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "8.8.8.8", "[2606:4700::1111]", "[2a00:1450::1]", "[64:ff9b::808:808]"})
    void publicAddressesMayBeConnectedTo(String host) throws Exception {
        Target target = Target.parse("https://" + host + "/");
        var policy = new AddressPolicy(NOTHING, h -> new InetAddress[] {InetAddress.ofLiteral(h)});

        assertThat(policy.resolve(target.host(), target.port())).hasSize(1);
    }

    @Test
    void aPublicAddressIsReachedAtTheWebsPortsOnly() {
        var policy = new AddressPolicy(NOTHING, h -> new InetAddress[] {InetAddress.ofLiteral(h)});

        assertThatThrownBy(() -> policy.resolve("1.1.1.1", 22)).isInstanceOf(AddressRefusedException.class);
    }

    @Test
    void oneBadAddressRefusesTheNameAndItIsLookedUpOnce() {
        List<String> lookUps = new ArrayList<>();
        NameService names = host -> {
            lookUps.add(host);
            return new InetAddress[] {InetAddress.ofLiteral("1.1.1.1"), InetAddress.ofLiteral("127.0.0.1")};
        };
        try (var egress = new Egress(NOTHING, names)) {
            assertThat(failure(egress, get("http://rebinding.example/")))
                    .isEqualTo(EgressException.Kind.ADDRESS_REFUSED);
            assertThat(lookUps).containsExactly("rebinding.example");
        }
    }

    @Test
    void theConnectedAddressIsCheckedAgain() {
        var policy = new AddressPolicy(NOTHING, NameService.system(Duration.ofSeconds(1)));

        assertThatThrownBy(() ->
                        policy.checkConnected("a.example", new InetSocketAddress(InetAddress.getLoopbackAddress(), 80)))
                .isInstanceOf(AddressRefusedException.class);
    }

    @Test
    void anAllowedRangeIsReachableAndTheAnswerComesWhole() throws Exception {
        try (var server = RawServer.answering(OK);
                var egress = new Egress(LOOPBACK)) {
            FetchResponse answer = egress.fetch(get(server.uri("/a?b=c#d").toString()));

            assertThat(answer.status()).isEqualTo(200);
            assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo("hi");
            assertThat(answer.headers().get("x-seen")).containsExactly("a", "b");
        }
    }

    @Test
    void aTrustedOriginIsTrustedAtItsPortOnly() throws Exception {
        NameService loopback = _ -> new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")};
        var policy = new AddressPolicy(NOTHING, loopback);
        policy.trust(Target.parse("http://backend.example:11434/v1"));

        assertThat(policy.resolve("backend.example", 11434)).hasSize(1);
        assertThatThrownBy(() -> policy.resolve("backend.example", 5432)).isInstanceOf(AddressRefusedException.class);
    }

    @Test
    void redirectsComeBackAsTheyAre() throws Exception {
        try (var goal = RawServer.answering(OK);
                var server = RawServer.answering(
                        "HTTP/1.1 302 Found\r\nLocation: " + goal.uri("/") + "\r\nContent-Length: 0\r\n\r\n");
                var egress = new Egress(LOOPBACK)) {
            FetchResponse answer = egress.fetch(get(server.uri("/").toString()));

            assertThat(answer.status()).isEqualTo(302);
            assertThat(goal.connections()).isZero();
        }
    }

    @Test
    void anEndlessAnswerIsGivenUp() {
        try (var server = new RawServer((socket, _) -> {
                    RawServer.readRequest(socket.getInputStream());
                    RawServer.write(socket, "HTTP/1.1 200 OK\r\n\r\n");
                    while (true) {
                        RawServer.write(socket, "x".repeat(10_000));
                    }
                });
                var egress = new Egress(LOOPBACK)) {
            assertThat(failure(egress, get(server.uri("/").toString()))).isEqualTo(EgressException.Kind.TOO_LARGE);
        }
    }

    @Test
    void anEndlessHeadIsGivenUp() {
        try (var server = new RawServer((socket, _) -> {
                    RawServer.readRequest(socket.getInputStream());
                    RawServer.write(socket, "HTTP/1.1 200 OK\r\n");
                    while (true) {
                        RawServer.write(socket, "X-A: " + "x".repeat(1_000) + "\r\n");
                    }
                });
                var egress = new Egress(LOOPBACK)) {
            assertThat(failure(egress, get(server.uri("/").toString()))).isEqualTo(EgressException.Kind.PROTOCOL);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nX-", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx"})
    void whoDripsOrHangsIsLeftAtTheDeadline(String begun) {
        try (var server = new RawServer((socket, _) -> {
                    RawServer.readRequest(socket.getInputStream());
                    RawServer.write(socket, begun);
                    socket.getInputStream().read(); // until the client hangs up
                });
                var egress = new Egress(LOOPBACK)) {
            var request =
                    new FetchRequest("GET", server.uri("/").toString(), Map.of(), null, Duration.ofMillis(200), 1_000);

            assertThat(failure(egress, request)).isEqualTo(EgressException.Kind.TIMEOUT);
        }
    }

    @Test
    void aPackedAnswerIsNotUnpacked() throws Exception {
        try (var server = RawServer.answering(
                        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nbomb");
                var egress = new Egress(LOOPBACK)) {
            assertThat(egress.fetch(get(server.uri("/").toString())).body()).hasSize(4);
        }
    }

    @Test
    void garbageIsNotAnAnswer() {
        try (var server = RawServer.answering("\u0000\u0001garbage\r\n\r\n");
                var egress = new Egress(LOOPBACK)) {
            assertThat(failure(egress, get(server.uri("/").toString()))).isEqualTo(EgressException.Kind.PROTOCOL);
        }
    }

    @Test
    void headersCanNotSmuggleASecondRequest() {
        try (var egress = new Egress(LOOPBACK)) {
            for (Map<String, String> headers : List.of(
                    Map.of("X", "a\r\nHost: b"),
                    Map.of("X\r\n", "a"),
                    Map.of("Host", "b"),
                    Map.of("transfer-encoding", "chunked"),
                    Map.of("Content-Length", "0"),
                    Map.of("X", "a\u0000"),
                    Map.of("", "a"))) {
                var request = new FetchRequest("GET", "http://127.0.0.1/", headers, null, Duration.ofSeconds(1), 1);
                assertThat(failure(egress, request)).isEqualTo(EgressException.Kind.REQUEST_REFUSED);
            }
        }
    }
}
