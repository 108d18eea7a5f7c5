/// The terminal: a light main class that starts the server or speaks HTTP to it (CHAT-11).
///
/// [StewardCli] is the program's entry. A command either runs the server in this process (`run`) or is a client of
/// a running one like any other: it has no way in that the HTTP API does not give. Only `model` can do without a
/// server, on the directory of the models. No framework is loaded for a client.
///
/// Exit codes: 0 done, 1 the answer failed, 64 wrong usage, 69 the server or a service it needs is not to be had,
/// 70 a mistake of ours, 77 not signed in, 78 configuration, 130 stopped by Ctrl-C.
///
/// What comes from a model or a server is shown without control characters: an answer can't drive the terminal.
@NullMarked
package dev.steward.cli;

import org.jspecify.annotations.NullMarked;
