package dev.steward.models;

/// The backends that may be asked. Those of the configuration are there from the start; others come and go while
/// Steward runs, such as the child process of the built-in model.
///
/// Safe for use by many threads.
public interface BackendRegistry {

    /// Adds a backend, or replaces one that was added under the same name, and looks at it at once.
    ///
    /// @throws IllegalArgumentException if the name belongs to a backend of the configuration
    void add(Backend backend);

    /// Takes away a backend that was added. Answers that it is giving end by themselves; unknown names do nothing.
    void remove(String name);
}
