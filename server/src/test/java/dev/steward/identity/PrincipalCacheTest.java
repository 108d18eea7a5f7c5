package dev.steward.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Principal;
import dev.steward.base.Role;
import dev.steward.base.UserId;
import dev.steward.testing.Eventually;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
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
    void requestsAtOnceShareALookUp() throws Exception {
        var asked = new CountDownLatch(1);
        var answer = new CountDownLatch(1);
        Thread first = Thread.ofVirtual()
                .start(() -> cache.get("token", () -> {
                    lookUps.incrementAndGet();
                    asked.countDown();
                    await(answer);
                    return Optional.of(WHO);
                }));
        asked.await();
        List<Thread> others = new ArrayList<>();
        var served = new AtomicInteger();
        for (int i = 0; i < 100; i++) {
            others.add(Thread.ofVirtual().start(() -> get().ifPresent(_ -> served.incrementAndGet())));
        }
        Eventually.until(
                "all wait", () -> others.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));
        answer.countDown();
        first.join();
        for (Thread other : others) {
            other.join();
        }

        assertThat(served).hasValue(100);
        assertThat(lookUps).hasValue(1);
    }

    @Test
    void whoComesAfterARevocationSharesNoEarlierLookUp() {
        cache.get("token", () -> {
            cache.forgetCredential(SESSION);
            assertThat(cache.get("token", Optional::empty)).isEmpty();
            return Optional.of(WHO);
        });
    }

    @Test
    void aLookUpThatFailsFailsForAllWhoShareItAndIsTriedAgain() throws Exception {
        var asked = new CountDownLatch(1);
        var answer = new CountDownLatch(1);
        var failed = new AtomicInteger();
        Thread first = Thread.ofVirtual().start(() -> {
            try {
                cache.get("token", () -> {
                    asked.countDown();
                    await(answer);
                    throw new IllegalStateException("database away");
                });
            } catch (IllegalStateException _) {
                failed.incrementAndGet();
            }
        });
        asked.await();
        Thread second = Thread.ofVirtual().start(() -> {
            try {
                get();
            } catch (IllegalStateException _) {
                failed.incrementAndGet();
            }
        });
        Eventually.until("the second waits", () -> second.getState() == Thread.State.WAITING);
        answer.countDown();
        first.join();
        second.join();

        assertThat(failed).hasValue(2);
        assertThat(get()).contains(WHO);
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

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
