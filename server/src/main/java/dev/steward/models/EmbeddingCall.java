package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import java.util.List;

/// A request for the vectors of texts in the OpenAI-compatible API's own words.
///
/// Two calls are never compared, so the array may be a component.
///
/// @param chain     the same model on one or more backends, in order of failover: vectors of different models have
///                  nothing to do with each other
/// @param body      valid JSON, an object with `model` and `input`; must not be changed afterwards
/// @param modelFrom where the value of `model` begins in `body`, its quotation mark included
/// @param modelTo   where that value ends, exclusive
/// @param inputs    how many vectors are asked for
/// @param texts     whether `input` is text; otherwise the numbers of tokens
/// @param base64    whether vectors come as base64 of little-endian 32-bit floats; otherwise as numbers
@SuppressWarnings("ArrayRecordComponent")
public record EmbeddingCall(
        UserId user,
        List<ModelRef> chain,
        byte[] body,
        int modelFrom,
        int modelTo,
        int inputs,
        boolean texts,
        boolean base64) {

    public EmbeddingCall {
        requireNonNull(user, "user");
        chain = List.copyOf(chain);
        requireNonNull(body, "body");
        if (chain.isEmpty() || inputs < 1) {
            throw new IllegalArgumentException("a call for vectors names a model and at least one input");
        }
        if (modelFrom < 0 || modelTo < modelFrom + 2 || modelTo > body.length || body[modelFrom] != '"') {
            throw new IllegalArgumentException("modelFrom and modelTo must enclose the text of `model` in the body");
        }
    }
}
