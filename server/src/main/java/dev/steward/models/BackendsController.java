package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Page;
import dev.steward.base.Permission;
import dev.steward.base.Principal;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import dev.steward.web.Endpoint;
import dev.steward.web.Endpoint.Idempotency;
import dev.steward.web.Endpoint.RateClass;
import dev.steward.web.Listing;
import dev.steward.web.NewResourceId;
import dev.steward.web.PageRequest;
import io.swagger.v3.oas.annotations.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Model servers, for those who look after them.
@RestController
@RequestMapping("/api/v1/backends")
final class BackendsController {

    /// Enough to see that it answers, too little to cost anything.
    private static final int TRIAL_TOKENS_MAX = 8;

    private final Backends backends;
    private final ModelGateway gateway;
    private final ModelDesk desk;
    private final BackendProbe probe;

    BackendsController(Backends backends, ModelGateway gateway, ModelDesk desk, BackendProbe probe) {
        this.backends = requireNonNull(backends, "backends");
        this.gateway = requireNonNull(gateway, "gateway");
        this.desk = requireNonNull(desk, "desk");
        this.probe = requireNonNull(probe, "probe");
    }

    /// Every backend by name.
    @Operation(summary = "All model servers, with what each serves and how it is doing")
    @GetMapping
    @Endpoint(permission = Permission.OPERATE, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Page<BackendStatus> list(@Listing(sorts = "name") PageRequest page) {
        return page.of(backends.all().stream().map(this::status).toList(), BackendStatus::name);
    }

    /// Tries a server that is not connected yet: asks it which models it has. Nothing is kept.
    @Operation(summary = "Try a model server before it is connected")
    @PostMapping("/test")
    @Endpoint(permission = Permission.ADMINISTER, rate = RateClass.MODEL, idempotency = Idempotency.NATURAL)
    BackendProbe.Seen probe(@RequestBody BackendForm body) throws InterruptedException {
        return probe.look(desk.trial(body));
    }

    /// Connects a server. It is asked at once, and after every restart.
    @Operation(summary = "Connect a model server")
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Endpoint(permission = Permission.ADMINISTER, rate = RateClass.WRITE, idempotency = Idempotency.KEY)
    BackendStatus connect(NewResourceId id, @RequestBody BackendForm body) throws InterruptedException {
        return status(backends.look(desk.connect(id.value(), body)));
    }

    /// Changes a server that was connected here.
    @Operation(summary = "Change a connected model server")
    @PatchMapping("/{name}")
    @Endpoint(permission = Permission.ADMINISTER, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    BackendStatus change(@PathVariable String name, @RequestBody BackendChange body) throws InterruptedException {
        return status(backends.look(desk.change(name, body)));
    }

    /// Takes a server away that was connected here, also out of the orders of failover that were set here.
    @Operation(summary = "Take away a connected model server")
    @DeleteMapping("/{name}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Endpoint(permission = Permission.ADMINISTER, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    void disconnect(@PathVariable String name) {
        desk.disconnect(name);
    }

    /// Looks at a backend and asks it a short question, now and in earnest.
    @Operation(summary = "Look at a model server now and ask it a short question in earnest")
    @PostMapping("/{name}/test")
    @Endpoint(permission = Permission.OPERATE, rate = RateClass.MODEL, idempotency = Idempotency.NATURAL)
    BackendTrial test(Principal caller, @PathVariable String name) throws InterruptedException {
        Backends.Known known = backends.find(name).orElseThrow(() -> StewardException.notFound("backend"));
        long began = System.nanoTime();
        Backends.Known seen = backends.look(known);
        Optional<ModelRef> model = backends.model(seen);
        if (!seen.view().available() || model.isEmpty()) {
            String problem = seen.view().available()
                    ? Saying.BACKEND_SERVES_NOTHING.english(name) + "."
                    : seen.view().message() + ".";
            return new BackendTrial(name, false, null, null, millisSince(began), problem);
        }
        return ask(caller, model.get(), began);
    }

    private BackendStatus status(Backends.Known known) {
        return BackendStatus.of(known, desk.keyLost(known.backend().name()));
    }

    private BackendTrial ask(Principal caller, ModelRef model, long began) throws InterruptedException {
        var request = new ChatRequest(
                List.of(new ChatMessage(ChatMessage.Speaker.USER, "Answer with the word OK.")),
                Optional.empty(),
                OptionalInt.of(TRIAL_TOKENS_MAX),
                OptionalDouble.of(0),
                "");
        Long firstToken = null;
        try (Answer answer = gateway.chat(caller.user(), "", List.of(model), request)) {
            AnswerEvent event = answer.next();
            while (!(event instanceof AnswerEvent.Done)) {
                if (firstToken == null && event instanceof AnswerEvent.Text) {
                    firstToken = millisSince(began);
                }
                event = answer.next();
            }
            return new BackendTrial(model.backend(), true, model.model(), firstToken, millisSince(began), "");
        } catch (ModelException e) {
            return new BackendTrial(model.backend(), false, model.model(), firstToken, millisSince(began), message(e));
        }
    }

    private static String message(@Nullable Exception e) {
        String text = e == null ? null : e.getMessage();
        return text == null ? "it failed" : text;
    }

    private static long millisSince(long began) {
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }
}
