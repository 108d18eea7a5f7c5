/// Schedules: tasks that run again and again, and reminders.
///
/// Guarantees: an occurrence becomes one durable task, never two, on any number of nodes and after any kill;
/// one whose time passed while nothing ran is dealt with as its schedule says; one that is late is told to its
/// owner by a watchdog that shares nothing with the driver but the table. Time is the database's. Start reading
/// at `SchedulesModule`; why it is so: `docs/decisions/0014-schedules.md`.
@NullMarked
package dev.steward.schedules;

import org.jspecify.annotations.NullMarked;
