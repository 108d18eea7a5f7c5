/// Steward: a self-hosted AI assistant server that drops nothing. ARCHITECTURE.md names the rooms and their arrows.
@NullMarked
package dev.steward;

import org.jspecify.annotations.NullMarked;
