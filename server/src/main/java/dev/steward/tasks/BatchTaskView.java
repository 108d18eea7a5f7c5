package dev.steward.tasks;

/// A task of a batch on the wire.
///
/// @param place from 0, as they were sent
/// @param name  what the others of the batch call it; may be empty
record BatchTaskView(int place, String name, TaskView task) {}
