package dev.steward.conversations;

import dev.steward.database.Peers;
import java.util.UUID;

/// Tells from process to process how far turns have come, so that somebody who reads an answer from one process while
/// another gives it sees it as soon. Only a hint: the events are in the table.
interface TurnNews {

    /// A turn has events up to `seq`, which are committed. Neither waits nor throws.
    void tell(TurnId turn, long seq);

    /// From here on hands over what other processes tell; called once.
    void start(Listener listener);

    /// Hears how far a turn has come.
    @FunctionalInterface
    interface Listener {
        void reached(TurnId turn, long seq);
    }

    /// By way of the database; nothing while there is no other process.
    static TurnNews by(Peers peers) {
        String topic = "steward_turns";
        return new TurnNews() {
            @Override
            public void tell(TurnId turn, long seq) {
                peers.tell(topic, turn.value() + " " + seq);
            }

            @Override
            public void start(Listener listener) {
                // Words that are missed are made up for by the feed's poll.
                peers.hear(topic, text -> heard(text, listener), () -> {});
            }
        };
    }

    private static void heard(String text, Listener listener) {
        int space = text.indexOf(' ');
        listener.reached(
                new TurnId(UUID.fromString(text.substring(0, space))), Long.parseLong(text.substring(space + 1)));
    }

    /// Where there is only one process.
    static TurnNews none() {
        return new TurnNews() {
            @Override
            public void tell(TurnId turn, long seq) {
                // Nobody is there.
            }

            @Override
            public void start(Listener listener) {
                // Nothing will come.
            }
        };
    }
}
