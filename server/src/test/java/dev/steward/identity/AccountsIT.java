package dev.steward.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Role;
import dev.steward.testing.ApiFixture;
import dev.steward.testing.ApiFixture.Answer;
import dev.steward.testing.ApiFixture.TestUser;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class AccountsIT {

    @AutoClose
    private static final ApiFixture api = ApiFixture.start();

    @Test
    void aUserSeesTheirOwnAccount() {
        TestUser user = api.user(Role.USER);

        Answer answer = api.get("/api/v1/me", user);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("email").stringValue()).isEqualTo(user.email());
        assertThat(api.get("/api/me", user).body()).isEqualTo(answer.body());
    }
}
