package dev.steward.web;

import dev.steward.base.Cursor;
import dev.steward.base.ErrorCode;
import dev.steward.base.Page;
import dev.steward.base.Permission;
import dev.steward.base.Principal;
import dev.steward.base.Role;
import dev.steward.base.StewardException;
import dev.steward.web.Endpoint.Idempotency;
import dev.steward.web.Endpoint.RateClass;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Endpoints that do on purpose what real ones do by accident.
@RestController
@RequestMapping("/api/v1/probe")
final class ProbeController {

    enum Colour {
        RED,
        DARK_BLUE
    }

    record Inner(String text, @Nullable List<Inner> children) {}

    record Body(
            String text,
            int number,
            boolean flag,
            Colour colour,
            UUID id,
            Instant time,
            @Nullable Inner inner,
            Optional<Double> factor) {}

    record Item(String name, int count, Map<String, String> labels) {}

    final AtomicInteger created = new AtomicInteger();
    final Map<String, PushedEvents> queues = new ConcurrentHashMap<>();
    final Map<String, EventFeed> feeds = new ConcurrentHashMap<>();

    @PostMapping("/echo")
    @Endpoint(
            permission = Permission.PUBLIC,
            rate = RateClass.WRITE,
            idempotency = Idempotency.NONE,
            bodyBytesMax = 4096)
    Body echo(@RequestBody Body body) {
        return body;
    }

    @PostMapping("/things")
    @ResponseStatus(HttpStatus.CREATED)
    @Endpoint(permission = Permission.CHAT, rate = RateClass.WRITE, idempotency = Idempotency.KEY)
    Map<String, Object> make(NewResourceId id, @RequestBody Inner body) {
        if (body.text().equals("broken")) {
            throw new IllegalStateException("before the answer");
        }
        return Map.of("id", id.value(), "text", body.text(), "count", created.incrementAndGet());
    }

    @GetMapping("/items")
    @Endpoint(permission = Permission.PUBLIC, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Page<Item> items(
            @Listing(
                            sorts = {"-created", "name"},
                            filters = "colour")
                    PageRequest page) {
        Item echo = new Item(
                page.sort() + " " + page.descending() + " " + page.limit() + " "
                        + page.filter("colour").orElse("-"),
                1,
                Map.of());
        Item formula = new Item("=HYPERLINK(\"http://evil.test\")", -2, Map.of("a", "b"));
        return new Page<>(List.of(echo, formula), Optional.of(new Cursor("x", new UUID(1, 2))));
    }

    @GetMapping("/number/{id}")
    @Endpoint(permission = Permission.PUBLIC, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Map<String, Object> number(@PathVariable UUID id, @RequestParam int times) {
        return Map.of("id", id, "times", times);
    }

    @GetMapping("/fail/{how}")
    @Endpoint(permission = Permission.PUBLIC, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    String fail(@PathVariable String how) {
        throw switch (how) {
            case "database" -> new CannotGetJdbcConnectionException("jdbc:postgresql://secret-host/db is away");
            case "busy" -> StewardException.busy(ErrorCode.SERVICE_UNAVAILABLE, "Full.", Duration.ofMillis(1500));
            case "missing" -> StewardException.notFound("thing");
            default -> new IllegalStateException("a secret of the inside");
        };
    }

    @PostMapping("/number/reset")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Endpoint(permission = Permission.PUBLIC, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    void reset() {}

    @GetMapping("/undeclared")
    String undeclared() {
        return "must not be reached";
    }

    PushedEvents queue(String name) {
        return queues.computeIfAbsent(name, _ -> new PushedEvents());
    }

    @GetMapping("/stream/{name}")
    @Endpoint(permission = Permission.PUBLIC, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    EventStream stream(@PathVariable String name) {
        EventFeed feed = feeds.containsKey(name) ? feeds.get(name) : queue(name);
        return new EventStream(
                feed,
                new Principal(
                        new dev.steward.base.UserId(new UUID(0, 1)), Role.USER, new UUID(0, 2), java.util.Set.of()));
    }
}
