/// The Redis that several processes may share, where `redis.url` names one (TASK-4, OPS-5).
///
/// [RedisServer] opens connections; [RedisFaults] says for people why one does not work. Redis never holds the truth:
/// whatever uses it works without it, and loses nothing when it is wiped.
@NullMarked
package dev.steward.redis;

import org.jspecify.annotations.NullMarked;
