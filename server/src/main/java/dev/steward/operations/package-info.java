/// What operators look at: health, metrics, components, breakers (OBS-2, OBS-4, RES-13).
@NullMarked
package dev.steward.operations;

import org.jspecify.annotations.NullMarked;
