/// What tests share: a real PostgreSQL, a clock that is set by hand, waiting for a condition.
@NullMarked
package dev.steward.testing;

import org.jspecify.annotations.NullMarked;
