package dev.steward.web;

import java.util.List;

/// Makes what tells addresses, for tests of other rooms.
public final class TestAddresses {

    private TestAddresses() {}

    public static ClientAddress withoutProxies() {
        return new ClientAddress(List.of());
    }
}
