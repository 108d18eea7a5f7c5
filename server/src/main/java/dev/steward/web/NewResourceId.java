package dev.steward.web;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/// The id that a creating request must give to what it creates, as an argument of its controller method.
///
/// It is bound to the `Idempotency-Key` before the method runs, so a repeat after a crash in the middle gets the
/// same id: create with `insert … on conflict (id) do nothing` and read back. Without the header it is simply new.
public record NewResourceId(UUID value) {

    public NewResourceId {
        requireNonNull(value, "value");
    }
}
