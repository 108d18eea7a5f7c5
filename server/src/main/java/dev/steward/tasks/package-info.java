/// The durable queue: a task is accepted when its row is committed, and ends as done, cancelled or a visible dead
/// letter.
@NullMarked
package dev.steward.tasks;

import org.jspecify.annotations.NullMarked;
