package dev.steward.operations;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.steward.base.Permission;
import dev.steward.base.Version;
import dev.steward.database.Database;
import dev.steward.web.Endpoint;
import dev.steward.web.Endpoint.Idempotency;
import dev.steward.web.Endpoint.RateClass;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// Health, for load balancers, orchestrators and people (OBS-4). Anyone may ask; what exactly is wrong is for operators
/// and for callers on this machine.
@RestController
final class HealthController {

    /// @param components absent for strangers
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Report(String status, String version, @Nullable List<Health.Part> components) {}

    /// @param message   absent for strangers, and when there is nothing to say
    /// @param component absent for strangers
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PartReport(String status, @Nullable String message, Health.@Nullable Part component) {}

    private static final PartReport UP = new PartReport("up", null, null);

    private final Health health;
    private final Database database;
    private final Operators operators;

    HealthController(Health health, Database database, Operators operators) {
        this.health = requireNonNull(health, "health");
        this.database = requireNonNull(database, "database");
        this.operators = requireNonNull(operators, "operators");
    }

    @Operation(summary = "Whether Steward can do its work now, part by part")
    @GetMapping({"/health", "/api/v1/health"})
    @Endpoint(permission = Permission.PUBLIC, rate = RateClass.NONE, idempotency = Idempotency.SAFE)
    ResponseEntity<Report> health(HttpServletRequest request) {
        Health.Status status = health.overall();
        @Nullable List<Health.Part> parts = operators.include(request) ? health.parts() : null;
        return answer(
                status != Health.Status.DOWN,
                new Report(status.wire(), Version.current().number(), parts));
    }

    /// Whether the process should go on running: it answers, so it should. Looks at nothing else, so that a lost
    /// database does not get healthy processes restarted.
    @Operation(summary = "Whether the process is alive")
    @GetMapping({"/health/live", "/api/v1/health/live"})
    @Endpoint(permission = Permission.PUBLIC, rate = RateClass.NONE, idempotency = Idempotency.SAFE)
    ResponseEntity<PartReport> live() {
        return answer(true, UP);
    }

    /// Whether requests should be sent here.
    @Operation(summary = "Whether requests are welcome")
    @GetMapping({"/health/ready", "/api/v1/health/ready"})
    @Endpoint(permission = Permission.PUBLIC, rate = RateClass.NONE, idempotency = Idempotency.SAFE)
    ResponseEntity<PartReport> ready() {
        Health.Status status = health.overall();
        return answer(status != Health.Status.DOWN, new PartReport(status.wire(), null, null));
    }

    /// Asks the database now.
    @Operation(summary = "Whether the database answers")
    @GetMapping({"/health/db", "/api/v1/health/db"})
    @Endpoint(permission = Permission.PUBLIC, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    ResponseEntity<PartReport> database(HttpServletRequest request) {
        Optional<String> fault = database.check();
        boolean seesDetail = operators.include(request);
        return answer(
                fault.isEmpty(),
                new PartReport(
                        fault.isEmpty() ? "up" : "down",
                        seesDetail ? fault.orElse(null) : null,
                        seesDetail ? health.part("database").orElse(null) : null));
    }

    /// Whether tasks are handed out through Redis; without it PostgreSQL does it, so nothing stops.
    @Operation(summary = "Whether Redis answers, where it is configured")
    @GetMapping({"/health/redis", "/api/v1/health/redis"})
    @Endpoint(permission = Permission.PUBLIC, rate = RateClass.NONE, idempotency = Idempotency.SAFE)
    ResponseEntity<PartReport> redis(HttpServletRequest request) {
        return part("redis", request);
    }

    /// Whether a question to a model can be answered now.
    @Operation(summary = "Whether a model can answer")
    @GetMapping({"/health/models", "/api/v1/health/models"})
    @Endpoint(permission = Permission.PUBLIC, rate = RateClass.NONE, idempotency = Idempotency.SAFE)
    ResponseEntity<PartReport> models(HttpServletRequest request) {
        return part("models", request);
    }

    private ResponseEntity<PartReport> part(String name, HttpServletRequest request) {
        Optional<Health.Part> part = health.part(name);
        String status = part.map(Health.Part::status).orElse("not_configured");
        boolean seesDetail = operators.include(request);
        return answer(
                !status.equals("down"),
                new PartReport(
                        status,
                        seesDetail
                                ? part.map(Health.Part::message)
                                        .filter(m -> !m.isEmpty())
                                        .orElse(null)
                                : null,
                        seesDetail ? part.orElse(null) : null));
    }

    private static <T> ResponseEntity<T> answer(boolean well, T body) {
        return ResponseEntity.status(well ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
                .cacheControl(CacheControl.noStore())
                .body(body);
    }
}
