package dev.steward.operations;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.Page;
import dev.steward.base.Permission;
import dev.steward.base.StewardException;
import dev.steward.resilience.BreakerStatus;
import dev.steward.resilience.Breakers;
import dev.steward.web.Endpoint;
import dev.steward.web.Endpoint.Idempotency;
import dev.steward.web.Endpoint.RateClass;
import dev.steward.web.Listing;
import dev.steward.web.PageRequest;
import io.swagger.v3.oas.annotations.Operation;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Circuit breakers, as operators see and reset them (RES-1).
@RestController
@RequestMapping("/api/v1/breakers")
final class BreakersController {

    /// A breaker on the wire.
    ///
    /// @param state `closed`, `open` or `half_open`
    record BreakerView(
            String name,
            String state,
            int failureCount,
            int successCount,
            Optional<Instant> lastFailure,
            long timeUntilRetryMs) {

        static BreakerView of(BreakerStatus status) {
            return new BreakerView(
                    status.name(),
                    status.state().name().toLowerCase(Locale.ROOT),
                    status.failureCount(),
                    status.successCount(),
                    status.lastFailure(),
                    status.timeUntilRetry().toMillis());
        }
    }

    private final Breakers breakers;

    BreakersController(Breakers breakers) {
        this.breakers = requireNonNull(breakers, "breakers");
    }

    /// By name.
    @Operation(summary = "All circuit breakers")
    @GetMapping
    @Endpoint(permission = Permission.OPERATE, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Page<BreakerView> list(@Listing(sorts = "name") PageRequest page) {
        return page.of(breakers.statuses().stream().map(BreakerView::of).toList(), BreakerView::name);
    }

    @Operation(summary = "One circuit breaker by its name")
    @GetMapping("/{name}")
    @Endpoint(permission = Permission.OPERATE, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    BreakerView find(@PathVariable String name) {
        return breakers.status(name).map(BreakerView::of).orElseThrow(BreakersController::unknown);
    }

    /// Closes a breaker and forgets its counts: calls go through at once.
    @Operation(summary = "Close a circuit breaker at once")
    @PostMapping("/{name}/reset")
    @Endpoint(permission = Permission.OPERATE, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    BreakerView reset(@PathVariable String name) {
        return breakers.reset(name).map(BreakerView::of).orElseThrow(BreakersController::unknown);
    }

    private static StewardException unknown() {
        return new StewardException(
                ErrorCode.NOT_FOUND, "There is no circuit breaker of that name; GET /api/v1/breakers lists them.");
    }
}
