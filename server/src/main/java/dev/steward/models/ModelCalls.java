package dev.steward.models;

import static java.util.Objects.requireNonNull;

import dev.steward.resilience.Breakers;
import dev.steward.resilience.Deadline;
import dev.steward.resilience.RecoveryListener;
import dev.steward.resilience.RetryPolicy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What every call of this room needs: the way out, the watch over deadlines, the rules. Safe for use by many threads.
///
/// @param clock for what is told to people; deadlines are monotonic
record ModelCalls(
        Wire wire,
        DeadlineWatch watch,
        ModelsSettings.Timeouts timeouts,
        ChatLimits limits,
        Breakers breakers,
        RetryPolicy retry,
        RecoveryListener recovery,
        InstantSource clock) {

    /// A backend that is silent on a plain call gets this share of the whole time, so that others can be asked.
    private static final int PLAIN_SHARE = 3;

    ModelCalls {
        requireNonNull(wire, "wire");
        requireNonNull(watch, "watch");
        requireNonNull(timeouts, "timeouts");
        requireNonNull(limits, "limits");
        requireNonNull(breakers, "breakers");
        requireNonNull(retry, "retry");
        requireNonNull(recovery, "recovery");
        requireNonNull(clock, "clock");
    }

    /// Begins a call's way along `hops`.
    ///
    /// @throws ModelException nobody may be asked
    Passage passage(List<Hop> hops, String caller, CallHandle handle) {
        return new Passage(
                hops,
                caller,
                caller.isEmpty() ? null : breakers.get(caller),
                retry,
                recovery,
                clock,
                Deadline.in(timeouts.total()),
                handle);
    }

    /// A streamed call to one backend, ready to be sent.
    LiveCall stream(Backend backend, String model, String path, Wire.Body body, Deadline deadline) {
        return live(backend, model, path, body, timeouts.firstToken(), deadline);
    }

    /// A call for an answer in one piece, ready to be sent.
    ///
    /// @param last whether nobody else is left to ask
    LiveCall plain(Backend backend, String model, String path, Wire.Body body, boolean last, Deadline deadline) {
        Duration share = timeouts.total().dividedBy(PLAIN_SHARE);
        Duration first = timeouts.firstToken().compareTo(share) > 0 ? timeouts.firstToken() : share;
        return live(backend, model, path, body, last ? timeouts.total() : first, deadline);
    }

    /// A question about a backend rather than to a model, ready to be sent.
    LiveCall look(Backend backend, String path, Wire.@Nullable Body body, Deadline deadline) {
        return live(backend, "", path, body, deadline.left(), deadline);
    }

    private LiveCall live(
            Backend backend, String model, String path, Wire.@Nullable Body body, Duration first, Deadline deadline) {
        return new LiveCall(
                backend,
                model,
                wire.prepare(backend.at(path), backend.apiKey(), body),
                watch,
                clock,
                timeouts,
                first,
                deadline);
    }
}
