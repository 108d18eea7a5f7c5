/// Secrets that Steward must give out again, such as keys of other services: sealed by [SecretSeal] before they are
/// stored, so that neither the database nor its backup holds them in the clear. Passwords and Steward's own tokens
/// are not here: they are hashed where they belong.
@NullMarked
package dev.steward.secrets;

import org.jspecify.annotations.NullMarked;
