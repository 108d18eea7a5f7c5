package dev.steward.database;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Measures every statement that goes through a connection: `database_query_duration`, `database_query_errors` by class
/// of SQL state, `database_deadlocks`. Costs some 2 µs a statement. Safe for use by many threads.
final class TimedConnections {

    private static final String DEADLOCK = "40P01";

    /// A round trip to PostgreSQL on the same machine takes 0.05–0.2 ms; 1 s is a mistake.
    private static final Duration[] BOUNDS = {
        Duration.ofNanos(200_000), Duration.ofNanos(500_000), Duration.ofMillis(1), Duration.ofMillis(2),
        Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofMillis(250),
        Duration.ofSeconds(1), Duration.ofSeconds(10)
    };

    private final MeterRegistry meters;
    private final Timer duration;
    private final Counter deadlocks;

    TimedConnections(MeterRegistry meters) {
        this.meters = requireNonNull(meters, "meters");
        this.duration = Timer.builder("database.query.duration")
                .description("Time from sending a statement to its answer")
                .serviceLevelObjectives(BOUNDS)
                .register(meters);
        this.deadlocks = Counter.builder("database.deadlocks")
                .description("Statements that PostgreSQL ended to break a deadlock")
                .register(meters);
    }

    /// @param closed called whenever it is closed
    Connection timed(Connection connection, Runnable closed) {
        return proxy(Connection.class, new OfConnection(connection, closed));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(TimedConnections.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private final class OfConnection implements InvocationHandler {
        private final Connection target;
        private final Runnable closed;

        OfConnection(Connection target, Runnable closed) {
            this.target = target;
            this.closed = closed;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            if (method.getName().equals("close")) {
                try {
                    return call(target, method, arguments);
                } finally {
                    closed.run();
                }
            }
            return switch (call(target, method, arguments)) {
                case CallableStatement s -> proxy(CallableStatement.class, new OfStatement(s));
                case PreparedStatement s -> proxy(PreparedStatement.class, new OfStatement(s));
                case Statement s -> proxy(Statement.class, new OfStatement(s));
                case null -> null;
                case Object other -> other;
            };
        }
    }

    private final class OfStatement implements InvocationHandler {
        private final Statement target;

        OfStatement(Statement target) {
            this.target = target;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            if (!method.getName().startsWith("execute")) {
                return call(target, method, arguments);
            }
            long began = System.nanoTime();
            try {
                return call(target, method, arguments);
            } catch (SQLException e) {
                failed(e);
                throw e;
            } finally {
                duration.record(Duration.ofNanos(System.nanoTime() - began));
            }
        }
    }

    private void failed(SQLException e) {
        String state = e.getSQLState();
        if (DEADLOCK.equals(state)) {
            deadlocks.increment();
        }
        String kind = state == null || state.length() < 2 ? "none" : state.substring(0, 2);
        meters.counter("database.query.errors", "state_class", kind).increment();
    }

    private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw requireNonNull(e.getCause());
        }
    }
}
