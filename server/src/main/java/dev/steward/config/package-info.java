/// Reads settings from one YAML file and the environment, finds all faults at once, and knows what each setting means.
@NullMarked
package dev.steward.config;

import org.jspecify.annotations.NullMarked;
