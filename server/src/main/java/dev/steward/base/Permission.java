package dev.steward.base;

/// What an endpoint asks of its caller. Rows always belong to their owner on top of this: a permission opens a
/// door, not other people's data.
public enum Permission {
    /// Anyone, signed in or not.
    PUBLIC,
    /// One's own account, sessions and keys.
    SELF,
    /// Reading one's own conversations, turns, tasks.
    READ,
    /// Starting turns and tasks; changing and deleting what is one's own.
    CHAT,
    /// Looking at and mending the running system: components, breakers, backends, metrics, everybody's dead letters.
    OPERATE,
    /// Managing accounts.
    ADMINISTER
}
