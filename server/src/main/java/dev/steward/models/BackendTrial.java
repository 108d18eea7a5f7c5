package dev.steward.models;

import org.jspecify.annotations.Nullable;

/// How a backend did when it was really asked.
///
/// @param answered     whether a whole answer came
/// @param model        who was asked; null if the backend serves nothing
/// @param firstTokenMs until the first text; null if none came
/// @param tookMs       in all
/// @param problem      what went wrong, for people; empty if nothing did
record BackendTrial(
        String backend,
        boolean answered,
        @Nullable String model,
        @Nullable Long firstTokenMs,
        long tookMs,
        String problem) {}
