/// What people read: plain sentences for every failure (RES-12).
@NullMarked
package dev.steward.assistant.output;

import org.jspecify.annotations.NullMarked;
