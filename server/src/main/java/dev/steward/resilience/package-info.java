/// Breakers, retries, budgets, adaptive limits, coalescing and the five recovery levels, as plain Java (RES-1 to
/// RES-9).
@NullMarked
package dev.steward.resilience;

import org.jspecify.annotations.NullMarked;
