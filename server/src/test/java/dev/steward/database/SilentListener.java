package dev.steward.database;

/// Hears nothing.
final class SilentListener implements EmbeddedPostgres.Listener {

    @Override
    public void down(int tries, String reason) {}

    @Override
    public void up() {}
}
