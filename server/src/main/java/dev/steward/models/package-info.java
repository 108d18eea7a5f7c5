/// Model servers behind one gateway: clients, discovery, failover, the embedded model, the catalogue (RES-4, RES-8,
/// CHAT-15).
@NullMarked
package dev.steward.models;

import org.jspecify.annotations.NullMarked;
