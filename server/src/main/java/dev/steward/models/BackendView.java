package dev.steward.models;

import static dev.steward.models.ServedModel.Purpose.CHAT;
import static dev.steward.models.ServedModel.Purpose.EMBEDDING;
import static java.util.Objects.requireNonNull;

import dev.steward.base.Saying;
import java.time.Instant;
import java.util.List;

/// What the last look at a backend showed.
///
/// @param looked    whether there was a look at all
/// @param available whether it answered
/// @param since     when it came into this state
/// @param models    the models that chat, its own order; of a backend that is gone, what it served last
/// @param embedders the models that make vectors, in the same way; nobody picks one of them to chat
/// @param message   what is wrong, for people; empty if nothing is
record BackendView(
        boolean looked,
        boolean available,
        Instant since,
        List<ServedModel> models,
        List<ServedModel> embedders,
        String message) {

    BackendView {
        requireNonNull(since, "since");
        models = List.copyOf(models);
        embedders = List.copyOf(embedders);
        requireNonNull(message, "message");
    }

    static BackendView unknown(Instant now) {
        return new BackendView(false, false, now, List.of(), List.of(), Saying.BACKEND_NOT_SEEN.english());
    }

    BackendView answered(List<ServedModel> served, Instant now) {
        return new BackendView(
                true, true, looked && available ? since : now, of(CHAT, served), of(EMBEDDING, served), "");
    }

    BackendView failed(String reason, Instant now) {
        return new BackendView(true, false, looked && !available ? since : now, models, embedders, reason);
    }

    private static List<ServedModel> of(ServedModel.Purpose purpose, List<ServedModel> served) {
        return served.stream().filter(model -> model.purpose() == purpose).toList();
    }
}
