package dev.steward.gateway;

import dev.steward.base.Principal;
import dev.steward.models.RawCall;

/// Turns a request into a call: a model by name, or an agent with its persona.
final class Requested {

    private final ModelNames names;

    Requested(ModelNames names) {
        this.names = names;
    }

    RawCall call(Principal principal, CompletionBody body) {
        return new RawCall(
                principal.user(),
                "",
                names.chain(body.model()),
                body.bytes(),
                body.modelFrom(),
                body.modelTo(),
                body.stream());
    }
}
