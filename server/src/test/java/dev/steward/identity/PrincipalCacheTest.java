package dev.steward.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Principal;
import dev.steward.base.Role;
import dev.steward.base.UserId;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PrincipalCacheTest {

    private static final UUID SESSION = new UUID(3, 3);
    private static final Principal WHO = new Principal(new UserId(new UUID(1, 1)), Role.USER, SESSION, Set.of());

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger lookUps = new AtomicInteger();
    private final PrincipalCache cache = new PrincipalCache(now::get);

    @Test
    void aCredentialIsLookedUpOnceInItsTime() {
        get();
        get();
        assertThat(lookUps).hasValue(1);

        now.addAndGet(PrincipalCache.LIFE.toNanos());
        get();
        assertThat(lookUps).hasValue(2);
    }

    @Test
    void whatIsRevokedIsForgottenAtOnce() {
        get();
        cache.forgetCredential(SESSION);
        get();
        cache.forgetUser(WHO.user());
        get();

        assertThat(lookUps).hasValue(3);
    }

    @Test
    void whatIsRevokedWhileItIsLookedUpIsNotRemembered() {
        cache.get("token", () -> {
            cache.forgetCredential(SESSION);
            return Optional.of(WHO);
        });
        get();

        assertThat(lookUps).hasValue(1);
    }

    @Test
    void aRefusedCredentialIsNotRemembered() {
        assertThat(cache.get("token", Optional::empty)).isEmpty();
        assertThat(get()).contains(WHO);
    }

    private Optional<Principal> get() {
        return cache.get("token", () -> {
            lookUps.incrementAndGet();
            return Optional.of(WHO);
        });
    }
}
