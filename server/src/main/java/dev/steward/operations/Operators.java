package dev.steward.operations;

import static java.util.Objects.requireNonNull;

import dev.steward.base.ErrorCode;
import dev.steward.base.Permission;
import dev.steward.base.Saying;
import dev.steward.base.StewardException;
import dev.steward.web.Callers;
import dev.steward.web.ClientAddress;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;

/// Who may look behind the curtain: operators, and whoever has a foot on this machine already.
final class Operators {

    private final ClientAddress addresses;

    Operators(ClientAddress addresses) {
        this.addresses = requireNonNull(addresses, "addresses");
    }

    boolean include(HttpServletRequest request) {
        return Callers.of(request).filter(p -> p.may(Permission.OPERATE)).isPresent() || fromThisMachine(request);
    }

    /// @throws StewardException the caller is somebody else
    void require(HttpServletRequest request) {
        if (include(request)) {
            return;
        }
        if (Callers.of(request).isPresent()) {
            throw new StewardException(
                    ErrorCode.UNAUTHORIZED, 403, Saying.OPERATORS_ONLY.said(), null, List.of(), null);
        }
        throw new StewardException(ErrorCode.UNAUTHORIZED, "Sign in as an operator, or send an operator's API key.");
    }

    /// A proxy that is not trusted makes everybody look local; what it says about its callers is then a sign that this
    /// is not one of them.
    private boolean fromThisMachine(HttpServletRequest request) {
        boolean forwarded = request.getHeader("X-Forwarded-For") != null || request.getHeader("Forwarded") != null;
        boolean believed = !addresses.of(request).getHostAddress().equals(request.getRemoteAddr());
        return addresses.of(request).isLoopbackAddress() && (!forwarded || believed);
    }
}
