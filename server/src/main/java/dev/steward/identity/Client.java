package dev.steward.identity;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;

/// Where a sign-in comes from.
///
/// @param name what it calls itself, at most [#NAME_LENGTH_MAX] characters; longer ones are cut
record Client(String name, InetAddress address) {

    private static final int NAME_LENGTH_MAX = 200;

    Client {
        requireNonNull(address, "address");
        name = name.codePoints()
                .filter(c -> !Character.isISOControl(c) && (c < 0xD800 || c > 0xDFFF))
                .limit(NAME_LENGTH_MAX)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
