package dev.steward.http;

import java.net.UnknownHostException;

/// A host is, or resolves to, an address that is not to be reached from here; or its port is not.
public final class AddressRefusedException extends UnknownHostException {

    private static final long serialVersionUID = 1L;

    AddressRefusedException(String message) {
        super(message);
    }
}
