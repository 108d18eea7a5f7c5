package dev.steward.tasks;

/// Carries word from process to process that tasks became ready, so that an idle worker need not wait for its next
/// look at the table. Only a hint: the table is the truth, any word may be lost, doubled or late, and each worker's
/// poll (`tasks.poll_ms`) finds what no word came for.
///
/// Safe for use by many threads. Announcing neither waits nor throws, whatever state the other side is in.
interface WakeUps {

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
