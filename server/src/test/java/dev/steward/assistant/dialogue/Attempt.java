package dev.steward.assistant.dialogue;

import dev.steward.base.UserId;
import dev.steward.tasks.TaskAttempt;
import dev.steward.tasks.TaskId;
import java.util.UUID;

/// An attempt as a handler sees it.
record Attempt(TaskId task, UserId owner, String input, int number) implements TaskAttempt {

    static Attempt of(UserId owner, String input, int number) {
        return new Attempt(new TaskId(UUID.randomUUID()), owner, input, number);
    }

    @Override
    public long fence() {
        return number;
    }

    @Override
    public String correlation() {
        return "request-1";
    }

    @Override
    public boolean cancelled() {
        return false;
    }

    @Override
    public void progress(double done) {}

    @Override
    public void log(String line) {}
}
