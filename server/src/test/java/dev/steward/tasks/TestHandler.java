package dev.steward.tasks;

import dev.steward.base.UserId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// A handler made of a lambda, which remembers what it was told.
final class TestHandler implements TaskHandler {

    @FunctionalInterface
    interface Body {
        String run(TaskAttempt attempt) throws Exception;
    }

    final List<EndedTask> ended = new CopyOnWriteArrayList<>();
    final List<TaskAttempt> attempts = new CopyOnWriteArrayList<>();
    private final String type;
    private final int concurrencyMax;
    private final Duration timeout;
    private final Body body;

    TestHandler(String type, Body body) {
        this(type, 100, Duration.ofMinutes(1), body);
    }

    TestHandler(String type, int concurrencyMax, Duration timeout, Body body) {
        this.type = type;
        this.concurrencyMax = concurrencyMax;
        this.timeout = timeout;
        this.body = body;
    }

    private TaskLimits limits = TaskLimits.none();
    private Optional<RetryPolicy> retry = Optional.empty();
    private boolean repeatable = true;

    /// The key of the limit per key is the owner.
    TestHandler limited(TaskLimits to) {
        limits = to;
        return this;
    }

    TestHandler retrying(RetryPolicy policy) {
        retry = Optional.of(policy);
        return this;
    }

    TestHandler once() {
        repeatable = false;
        return this;
    }

    @Override
    public TaskLimits limits() {
        return limits;
    }

    @Override
    public Optional<String> limitKey(UserId owner, String input) {
        return Optional.of(owner.toString());
    }

    @Override
    public Optional<RetryPolicy> retry() {
        return retry;
    }

    @Override
    public boolean repeatable() {
        return repeatable;
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public Duration timeout() {
        return timeout;
    }

    @Override
    public int concurrencyMax() {
        return concurrencyMax;
    }

    @Override
    public String run(TaskAttempt attempt) throws Exception {
        attempts.add(attempt);
        return body.run(attempt);
    }

    @Override
    public void ended(EndedTask task) {
        ended.add(task);
    }

    List<TaskId> started() {
        List<TaskId> ids = new ArrayList<>();
        attempts.forEach(a -> ids.add(a.task()));
        return ids;
    }
}
