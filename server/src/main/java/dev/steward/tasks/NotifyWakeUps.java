package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.database.Peers;

/// [WakeUps] by way of the database: the word is a task's type, so a thousand tasks of a type that are accepted within
/// some milliseconds make one. Costs nothing while there is no other process.
final class NotifyWakeUps implements WakeUps {

    private static final String TOPIC = "steward_tasks";

    private final Peers peers;

    NotifyWakeUps(Peers peers) {
        this.peers = requireNonNull(peers, "peers");
    }

    @Override
    public void announce(ReadyTask task) {
        announce(task.type());
    }

    @Override
    public void announce(String type) {
        peers.tell(TOPIC, type);
    }

    @Override
    public void start(Listener listener) {
        peers.hear(TOPIC, listener::ready, () -> listener.ready(TaskStore.EVERY_TYPE));
    }

    @Override
    public void stop() {
        peers.flush();
    }
}
