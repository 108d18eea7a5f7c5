/// What Steward consists of at run time, by tier, and whether each part works now (RES-13, OBS-4).
@NullMarked
package dev.steward.components;

import org.jspecify.annotations.NullMarked;
