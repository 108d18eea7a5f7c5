@NullMarked
package dev.steward.models.embedded;

import org.jspecify.annotations.NullMarked;
