package dev.steward.tasks;

import java.util.List;

/// Carries word from process to process that tasks became ready, so that an idle worker need not wait for its next
/// look at the table. Only a hint: the table is the truth, any word may be lost, doubled or late, and each worker's
/// poll (`tasks.poll_ms`) finds what no word came for.
///
/// Safe for use by many threads. Announcing neither waits nor throws, whatever state the other side is in.
interface WakeUps {

    /// Hands a task that is committed and due to one process that has room for it, where there is a way to do so.
    ///
    /// @return whether it is on its way, so that nobody else needs to look for it; otherwise it is to be announced
    default boolean handOut(ReadyTask task) {
        return false;
    }

    /// This task is committed and due. Called after the commit only, and by every process that accepts tasks, also
    /// where its own workers will most likely be first.
    void announce(ReadyTask task);

    /// Tasks of this type became ready that are not known one by one: given back, taken over, sent back.
    ///
    /// @param type or [TaskStore#EVERY_TYPE]
    void announce(String type);

    /// From here on what other processes announce is handed over; called once, before the first announcement, also
    /// where this process takes no tasks.
    void start(Listener listener);

    /// Sends what is left, and ends.
    void stop();

    /// Hears of ready tasks. Its methods return at once and may be called by any thread.
    interface Listener {

        /// Something of this type became ready.
        ///
        /// @param type or [TaskStore#EVERY_TYPE]: anything may have, or word may have been missed
        void ready(String type);

        /// How many tasks this process could start now; 0 while it takes none.
        default int room() {
            return 0;
        }

        /// These tasks were handed to this process and to no other. Where they can't start after all, they are left to
        /// whoever looks at the table.
        default void handed(List<ReadyTask> tasks) {
            // Where nothing is handed out one by one.
        }
    }

    /// Where there is no other process, or no need to hurry.
    WakeUps NONE = new WakeUps() {
        @Override
        public void announce(ReadyTask task) {
            // Nobody is there.
        }

        @Override
        public void announce(String type) {
            // Nobody is there.
        }

        @Override
        public void start(Listener listener) {
            // Nothing will come.
        }

        @Override
        public void stop() {
            // Nothing was sent.
        }
    };
}
