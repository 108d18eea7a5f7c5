/// Vocabulary shared by every room: ids, errors, limits, paging, who is asking. Depends on the JDK and JSpecify only.
@NullMarked
package dev.steward.base;

import org.jspecify.annotations.NullMarked;
