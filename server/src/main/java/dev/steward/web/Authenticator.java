package dev.steward.web;

import dev.steward.base.Principal;

/// Tells who is asking. Called for every request; safe for use by many threads, and cheap: a known credential costs
/// microseconds and no query.
public interface Authenticator {

    /// The caller who shows `token` as `Authorization: Bearer`: an access token, or an API key (`stw_…`).
    ///
    /// @throws dev.steward.base.StewardException `unauthorized` when the token is malformed, forged, expired or
    ///     revoked
    Principal authenticate(String token);

    /// The caller whose browser sends `accessToken` as a cookie; API keys are not taken here.
    ///
    /// @throws dev.steward.base.StewardException `unauthorized`, as above
    Principal authenticateCookie(String accessToken);

    /// Whether `token` is the CSRF token of this caller's session. A browser's unsafe request must carry it.
    boolean csrfTokenMatches(Principal principal, String token);

    /// Whether the credential behind `principal` still stands; asked from time to time by long streams.
    boolean stillStands(Principal principal);
}
