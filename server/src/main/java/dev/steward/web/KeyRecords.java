package dev.steward.web;

/// Where idempotency keys are kept.
interface KeyRecords {

    /// Stores `fresh` unless its owner has a live record with the same key hash; gives the one that is stored
    /// then.
    KeyRecord bind(KeyRecord fresh);

    /// Adds the sealed answer to a bound key.
    void answer(KeyRecord bound, byte[] sealed);

    /// Deletes up to `rowsMax` keys past their time.
    ///
    /// @return how many
    int deleteExpired(int rowsMax);
}
