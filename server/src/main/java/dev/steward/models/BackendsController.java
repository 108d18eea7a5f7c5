package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Page;
import dev.steward.base.Permission;
import dev.steward.base.Principal;
import dev.steward.base.StewardException;
import dev.steward.web.Endpoint;
import dev.steward.web.Endpoint.Idempotency;
import dev.steward.web.Endpoint.RateClass;
import dev.steward.web.Listing;
import dev.steward.web.PageRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Model servers, for those who look after them.
@RestController
@RequestMapping("/api/v1/backends")
final class BackendsController {

    /// Enough to see that it answers, too little to cost anything.
    private static final int TRIAL_TOKENS_MAX = 8;

    private final Backends backends;
    private final ModelGateway gateway;

    BackendsController(Backends backends, ModelGateway gateway) {
        this.backends = requireNonNull(backends, "backends");
        this.gateway = requireNonNull(gateway, "gateway");
    }

    /// Every backend by name.
    @GetMapping
    @Endpoint(permission = Permission.OPERATE, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Page<BackendStatus> list(@Listing(sorts = "name") PageRequest page) {
        return page.of(backends.all().stream().map(BackendStatus::of).toList(), BackendStatus::name);
    }

    /// Looks at a backend and asks it a short question, now and in earnest.
    @PostMapping("/{name}/test")
    @Endpoint(permission = Permission.OPERATE, rate = RateClass.MODEL, idempotency = Idempotency.NATURAL)
    BackendTrial test(Principal caller, @PathVariable String name) throws InterruptedException {
        Backends.Known known = backends.find(name).orElseThrow(() -> StewardException.notFound("backend"));
        long began = System.nanoTime();
        Backends.Known seen = backends.look(known);
        Optional<ModelRef> model = backends.model(seen);
        if (!seen.view().available() || model.isEmpty()) {
            String problem = seen.view().available()
                    ? name + " serves no model."
                    : seen.view().message() + ".";
            return new BackendTrial(name, false, null, null, millisSince(began), problem);
        }
        return ask(caller, model.get(), began);
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
