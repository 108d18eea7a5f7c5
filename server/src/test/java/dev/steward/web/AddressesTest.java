package dev.steward.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.steward.base.AddressRange;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

class AddressesTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "192.168.1.128/25, 192.168.1.127, false",
        "192.168.1.128/25, 192.168.1.129, true",
        "0.0.0.0/0, 8.8.8.8, true",
        "::1, ::1, true",
        "fd00::/8, fdab::1, true",
        "fd00::/8, 10.0.0.1, false"
    })
    void aRangeContainsWhatItsPrefixSays(String range, String address, boolean inside) {
        assertThat(AddressRange.parse(range).contains(InetAddress.ofLiteral(address)))
                .isEqualTo(inside);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "10.0.0.0/33", "10.0.0.0/x", "10.0.0/8", "", "example.test/8", "::1/129"})
    void whatIsNoRangeIsRefusedWithoutAskingAnyNameServer(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> AddressRange.parse(text));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "203.0.113.5, '1.2.3.4', 203.0.113.5",
                "10.0.0.1, '1.2.3.4', 1.2.3.4",
                "10.0.0.1, '6.6.6.6, 1.2.3.4', 1.2.3.4",
                "10.0.0.1, '6.6.6.6, 1.2.3.4, 10.0.0.2', 1.2.3.4",
                "10.0.0.1, '1.2.3.4, garbage', 10.0.0.1",
                "10.0.0.1, -, 10.0.0.1",
                "10.0.0.1, '10.0.0.3', 10.0.0.3"
            })
    void onlyWhatTrustedProxiesAddedToTheHeaderCounts(String socket, String forwarded, String client) {
        var request = new MockHttpServletRequest();
        request.setRemoteAddr(socket);
        if (forwarded != null) {
            request.addHeader("X-Forwarded-For", forwarded);
        }

        assertThat(new ClientAddress(List.of("10.0.0.0/8")).of(request)).isEqualTo(InetAddress.ofLiteral(client));
    }

    @Test
    void aStrangersWordAboutTlsCountsForNothing() {
        var request = new MockHttpServletRequest();
        request.setRemoteAddr("203.0.113.5");
        request.addHeader("X-Forwarded-Proto", "https");

        assertThat(new ClientAddress(List.of("10.0.0.0/8")).secure(request)).isFalse();
    }
}
