package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.base.FieldFault;
import dev.steward.base.Page;
import dev.steward.base.Permission;
import dev.steward.base.StewardException;
import dev.steward.models.ServedModel.Purpose;
import dev.steward.web.Endpoint;
import dev.steward.web.Endpoint.Idempotency;
import dev.steward.web.Endpoint.RateClass;
import dev.steward.web.Listing;
import dev.steward.web.PageRequest;
import io.swagger.v3.oas.annotations.Operation;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// The models that can be asked now.
@RestController
@RequestMapping("/api/v1/models")
final class ModelsController {

    private static final String CHAT = "chat";
    private static final String EMBEDDING = "embedding";

    private final ModelGateway gateway;
    private final ModelDesk desk;

    ModelsController(ModelGateway gateway, ModelDesk desk) {
        this.gateway = requireNonNull(gateway, "gateway");
        this.desk = requireNonNull(desk, "desk");
    }

    /// @param name          what to write where a model is asked for: `backend/model`
    /// @param privacy       `local` or `remote`
    /// @param cost          `free` or `paid`
    /// @param purpose       `chat` or `embedding`
    /// @param contextTokens how much fits into one call; null where the backend does not tell
    /// @param position      its place in the default order of failover, from 1; null if it is not in it
    record ModelView(
            String name,
            String backend,
            String model,
            String purpose,
            String privacy,
            String cost,
            @Nullable Integer contextTokens,
            @Nullable Integer position) {

        static ModelView of(ServedModel model, List<ModelRef> chain) {
            int place = IntStream.range(0, chain.size())
                    .filter(i -> chain.get(i).names(model.ref()))
                    .findFirst()
                    .orElse(-1);
            return new ModelView(
                    model.ref().toString(),
                    model.ref().backend(),
                    model.ref().model(),
                    model.purpose() == Purpose.CHAT ? CHAT : EMBEDDING,
                    model.remote() ? "remote" : "local",
                    model.paid() ? "paid" : "free",
                    model.contextTokens().isPresent() ? model.contextTokens().getAsInt() : null,
                    place < 0 ? null : place + 1);
        }
    }

    /// The default order of failover.
    @Operation(summary = "The default order of failover")
    @GetMapping("/chain")
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    ChainView chain() {
        return desk.defaultOrder();
    }

    /// Sets the default order of failover; it counts before the configuration's. Naming a remote or paid server
    /// allows it.
    @Operation(summary = "Set the default order of failover")
    @PutMapping("/chain")
    @Endpoint(permission = Permission.ADMINISTER, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    ChainView order(@RequestBody ChainChange body) {
        desk.order(ModelChains.DEFAULT, body);
        return desk.defaultOrder();
    }

    /// Goes back to the configuration's order.
    @Operation(summary = "Go back to the configuration's order of failover")
    @DeleteMapping("/chain")
    @Endpoint(permission = Permission.ADMINISTER, rate = RateClass.WRITE, idempotency = Idempotency.NATURAL)
    ChainView resetOrder() {
        desk.resetOrder(ModelChains.DEFAULT);
        return desk.defaultOrder();
    }

    /// The models that chat, by name; with `purpose=embedding` those that make vectors.
    @Operation(summary = "The models that can be asked now; with purpose=embedding those that make vectors")
    @GetMapping
    @Endpoint(permission = Permission.READ, rate = RateClass.READ, idempotency = Idempotency.SAFE)
    Page<ModelView> list(
            @Listing(
                            sorts = "name",
                            filters = {"backend", "purpose"})
                    PageRequest page) {
        List<ModelRef> chain = gateway.defaultChain();
        List<ModelView> all = wanted(page.filter("purpose").orElse(CHAT)).stream()
                .filter(model -> page.filter("backend")
                        .map(name -> name.equals(model.ref().backend()))
                        .orElse(true))
                .map(model -> ModelView.of(model, chain))
                .toList();
        return page.of(all, ModelView::name);
    }

    private List<ServedModel> wanted(String purpose) {
        return switch (purpose) {
            case CHAT -> gateway.served();
            case EMBEDDING -> gateway.embedders();
            default ->
                throw StewardException.invalid(
                        List.of(new FieldFault("purpose", "one_of", "must be chat or embedding")));
        };
    }
}
