/// The packaged server as a process, and all that can happen to it: kills, stops, a full disk, slow readers, model
/// servers that break every rule.
package dev.steward.system;
