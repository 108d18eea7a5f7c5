package dev.steward.identity;

import static java.util.Objects.requireNonNull;

/// A session that was just opened or went on, with the tokens that its client needs.
///
/// @param access  sent with each request
/// @param refresh gives the next pair, once
/// @param csrf    sent by browsers with each change
record SignedIn(Account account, String access, String refresh, String csrf) {

    SignedIn {
        requireNonNull(account, "account");
        requireNonNull(access, "access");
        requireNonNull(refresh, "refresh");
        requireNonNull(csrf, "csrf");
    }

    @Override
    public String toString() {
        return "SignedIn[" + account.id() + "]";
    }
}
