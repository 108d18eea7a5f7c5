/// What operators look at: health, metrics, components (OBS-2, OBS-4, RES-13).
///
/// Health means "can answer now": each part tells what it did last, and [Health] sums that up. Nothing here is
/// needed for an answer; all of it may fail and conversations go on.
@NullMarked
package dev.steward.operations;

import org.jspecify.annotations.NullMarked;
