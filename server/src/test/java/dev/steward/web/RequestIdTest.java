package dev.steward.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestIdTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "Z", "0", "01a1ff5c-f445-7152-8318-1349457b5a85", "job.7_retry-2", "-._"})
    void whatFitsALogLineAndAHeaderIsTakenOver(String text) {
        assertThat(new RequestId(text).value()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "a b", "a\n", "a\r\nSet-Cookie", "é", "a/b", "a:b", "a@b", "[", "`", "{", "\u0000", "٣"
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> new RequestId(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 129})
    void anIdHasUpTo128Characters(int length) {
        assertThat(RequestId.sane("x".repeat(length))).isEqualTo(length <= 128);
    }
}
