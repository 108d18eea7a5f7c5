/// Measurements of single parts with JMH. Results stand in `docs/internals/performance.md`.
@NullMarked
package dev.steward.benchmarks;

import org.jspecify.annotations.NullMarked;
