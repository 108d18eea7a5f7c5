package dev.steward.cli;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A person's side of one conversation. For one thread; Ctrl-C comes from another.
final class Chat {

    private final ServerClient server;
    private final Console console;
    private final Consumer<String> begun;
    private String conversation;
    private @Nullable String agent;
    private @Nullable String model;

    /// @param conversation its id; empty: begun with the first message
    /// @param begun        is told the id of a conversation that was begun
    Chat(
            ServerClient server,
            Console console,
            Consumer<String> begun,
            String conversation,
            @Nullable String agent,
            @Nullable String model) {
        this.server = requireNonNull(server, "server");
        this.console = requireNonNull(console, "console");
        this.begun = requireNonNull(begun, "begun");
        this.conversation = requireNonNull(conversation, "conversation");
        this.agent = agent;
        this.model = model;
    }

    void agent(@Nullable String name) {
        this.agent = name;
    }

    void model(@Nullable String name) {
        this.model = name;
    }

    /// The next message begins a new conversation.
    void startAnew() {
        conversation = "";
    }

    /// Asks, and shows the answer as it comes. Ctrl-C stops the answer, a second one leaves at once.
    Asked ask(String message, AnswerView view) {
        if (conversation.isEmpty()) {
            conversation =
                    text(server.post("api/v1/conversations", agent == null ? Map.of() : Map.of("agent", agent)), "id");
            begun.accept(conversation);
        }
        Map<String, String> body = new LinkedHashMap<>();
        body.put("message", message);
        Optional.ofNullable(agent).ifPresent(name -> body.put("agent", name));
        Optional.ofNullable(model).ifPresent(name -> body.put("model", name));
        JsonNode accepted = server.post("api/v1/conversations/" + conversation + "/turns", body);
        String turn = text(accepted.path("turn"), "id");
        Object before = stopOnCtrlC(turn);
        try {
            TurnResult result = new TurnFollower(server, view, new Random()).follow("api/v1/turns/" + turn + "/events");
            return new Asked(turn, result);
        } finally {
            Signals.unregister("INT", before);
        }
    }

    /// The turn as the server keeps it.
    JsonNode turn(String id) {
        return server.get("api/v1/turns/" + id);
    }

    private Object stopOnCtrlC(String turn) {
        var presses = new AtomicInteger();
        return Signals.register("INT", () -> {
            if (presses.incrementAndGet() > 1) {
                Runtime.getRuntime().halt(CliException.INTERRUPTED);
            }
            Thread.ofVirtual().start(() -> stop(turn));
        });
    }

    private void stop(String turn) {
        console.note("Stopping the answer (Ctrl-C again leaves) …");
        try {
            server.post("api/v1/turns/" + turn + "/cancel", Map.of());
        } catch (CliException e) {
            console.note("It could not be stopped: " + e.getMessage());
        }
    }

    private static String text(JsonNode node, String field) {
        String value = node.path(field).asString("");
        if (value.isEmpty()) {
            throw new CliException(CliException.UNAVAILABLE, "what answers there is not a Steward; check the address");
        }
        return value;
    }

    /// @param turn its id
    record Asked(String turn, TurnResult result) {}
}
