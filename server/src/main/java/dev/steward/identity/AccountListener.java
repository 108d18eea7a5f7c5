package dev.steward.identity;

import dev.steward.base.UserId;

/// Told when an account goes, so that other rooms can let go of what belonged to it. Called in the transaction that
/// deletes the account: an exception undoes the deletion.
public interface AccountListener {

    void deleting(UserId user);
}
