/// The only room that opens outbound sockets: [Egress] resolves once, checks the address, bounds size and time
/// (SEC-8).
@NullMarked
package dev.steward.http;

import org.jspecify.annotations.NullMarked;
