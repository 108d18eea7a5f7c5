/// The terminal: a light main class that starts the server or speaks HTTP to it.
@NullMarked
package dev.steward.cli;

import org.jspecify.annotations.NullMarked;
