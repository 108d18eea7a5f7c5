/// Accounts, sessions, tokens and API keys (SEC-1, SEC-2, SEC-3).
@NullMarked
package dev.steward.identity;

import org.jspecify.annotations.NullMarked;
