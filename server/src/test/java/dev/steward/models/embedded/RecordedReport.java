package dev.steward.models.embedded;

/// Keeps the last thing told.
final class RecordedReport implements EmbeddedModel.Report {

    private volatile String state = "";
    private volatile String message = "";

    @Override
    public void worked() {
        state = "up";
        message = "";
    }

    @Override
    public void degraded(String why) {
        state = "degraded";
        message = why;
    }

    @Override
    public void failed(String why) {
        state = "down";
        message = why;
    }

    String state() {
        return state;
    }

    String message() {
        return message;
    }
}
