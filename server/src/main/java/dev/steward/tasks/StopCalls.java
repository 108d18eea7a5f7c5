package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import dev.steward.database.Peers;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/// Tells the process that runs an attempt that its owner wants it stopped. The table says so too: where no word
/// arrives, the attempt stops with its next heartbeat.
final class StopCalls {

    private static final String TOPIC = "steward_stops";

    private final Peers peers;

    StopCalls(Peers peers) {
        this.peers = requireNonNull(peers, "peers");
    }

    void start(Consumer<Lease> stop) {
        peers.hear(TOPIC, text -> stop.accept(lease(text)), () -> {});
    }

    void stop(Lease lease) {
        peers.tell(TOPIC, lease.owner().value() + " " + lease.task().value() + " " + lease.fence());
    }

    private static Lease lease(String text) {
        List<String> parts = List.of(text.split(" ", 3));
        return new Lease(
                new UserId(UUID.fromString(parts.get(0))),
                new TaskId(UUID.fromString(parts.get(1))),
                Long.parseLong(parts.get(2)));
    }
}
