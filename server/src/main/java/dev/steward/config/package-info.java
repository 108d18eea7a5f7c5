/// Reads settings from one YAML file, the environment and the command line, finds all faults at once, and knows what
/// each setting means (OPS-1).
///
/// [ConfigLoader] is the service. A room declares its [Section]: a key and a record whose components carry [Setting].
/// What is set later in this order wins: fallback, file, environment variable, command-line flag. Nothing is guessed:
/// an unknown key, a wrong type, a value out of range or a missing value is a [ConfigFault] with its place and what
/// would pass, and one fault is enough to refuse the whole. Values of [dev.steward.base.Secret] are never shown.
///
/// Limits: a file of 1 MiB, 10,000 values, 20 levels.
@NullMarked
package dev.steward.config;

import org.jspecify.annotations.NullMarked;
