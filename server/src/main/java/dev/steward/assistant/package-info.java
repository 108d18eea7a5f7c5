/// The assistant: input, dialogue, agents, output. A message comes in as a turn and goes out as turn events.
@NullMarked
package dev.steward.assistant;

import org.jspecify.annotations.NullMarked;
