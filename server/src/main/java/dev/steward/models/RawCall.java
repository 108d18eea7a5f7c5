package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import java.util.List;

/// A chat completion request in the OpenAI-compatible API's own words.
///
/// Two calls are never compared, so the array may be a component.
///
/// @param caller    whose breaker guards the call beside the backend's own; empty: none
/// @param chain     models in order of failover; empty: the default
/// @param body      valid JSON, an object with `model` and `messages`; must not be changed afterwards
/// @param modelFrom where the value of `model` begins in `body`, its quotation mark included
/// @param modelTo   where that value ends, exclusive
/// @param stream    what `stream` in the body says
@SuppressWarnings("ArrayRecordComponent")
public record RawCall(
        UserId user, String caller, List<ModelRef> chain, byte[] body, int modelFrom, int modelTo, boolean stream) {

    public RawCall {
        requireNonNull(user, "user");
        requireNonNull(caller, "caller");
        chain = List.copyOf(chain);
        requireNonNull(body, "body");
        if (modelFrom < 0 || modelTo < modelFrom + 2 || modelTo > body.length || body[modelFrom] != '"') {
            throw new IllegalArgumentException("modelFrom and modelTo must enclose the text of `model` in the body");
        }
    }
}
