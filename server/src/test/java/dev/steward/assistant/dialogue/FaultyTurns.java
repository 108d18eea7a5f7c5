package dev.steward.assistant.dialogue;

import dev.steward.conversations.Turns;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/// Turns whose store fails at one call: before its effect, or after it, as when the answer of a commit is lost.
final class FaultyTurns {

    /// The crash.
    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Crash(String where) {
            super(where);
        }
    }

    private final AtomicInteger calls = new AtomicInteger();
    private final int failing;
    private final boolean afterEffect;
    private final String method;
    private volatile boolean failed;

    /// @param failing     number of the call that fails, from 1
    /// @param afterEffect whether the call has had its effect
    FaultyTurns(int failing, boolean afterEffect) {
        this("", failing, afterEffect);
    }

    /// As above, counting calls of one method only.
    FaultyTurns(String method, int failing, boolean afterEffect) {
        this.method = method;
        this.failing = failing;
        this.afterEffect = afterEffect;
    }

    /// Whether there were as many calls.
    boolean failed() {
        return failed;
    }

    Turns over(Turns real) {
        return (Turns) Proxy.newProxyInstance(
                Turns.class.getClassLoader(), new Class<?>[] {Turns.class}, (_, called, arguments) -> {
                    boolean counts = method.isEmpty() || method.equals(called.getName());
                    boolean now = counts && calls.incrementAndGet() == failing;
                    if (now && !afterEffect) {
                        failed = true;
                        throw new Crash("before " + called.getName());
                    }
                    Object result;
                    try {
                        result = called.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (now) {
                        failed = true;
                        throw new Crash("after " + called.getName());
                    }
                    return result;
                });
    }
}
