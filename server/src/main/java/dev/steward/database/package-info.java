/// PostgreSQL: the one that Steward starts and supervises, or any other by URL; migrations; the connection pool.
@NullMarked
package dev.steward.database;

import org.jspecify.annotations.NullMarked;
