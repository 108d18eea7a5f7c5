package dev.steward.operations;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Page;
import dev.steward.base.Permission;
import dev.steward.web.Endpoint;
import dev.steward.web.Endpoint.Idempotency;
import dev.steward.web.Endpoint.RateClass;
import dev.steward.web.Listing;
import dev.steward.web.PageRequest;
import io.swagger.v3.oas.annotations.Operation;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// The running system, part by part (RES-13).
@RestController
final class SystemController {

    private final Health health;

    SystemController(Health health) {
        this.health = requireNonNull(health, "health");
    }

    /// Each component with its tier, its state and what it did last.
    @Operation(summary = "The parts of the running system by tier, with the state of each")
    @GetMapping("/api/v1/system/components")
    @Endpoint(permission = Permission.OPERATE, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Page<Health.Part> components(@Listing(sorts = "name") PageRequest page) {
        return page.of(health.parts(), Health.Part::name);
    }
}
