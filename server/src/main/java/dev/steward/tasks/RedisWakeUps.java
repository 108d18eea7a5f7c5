package dev.steward.tasks;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Saying;
import dev.steward.components.Component;
import dev.steward.redis.RedisFaults;
import dev.steward.redis.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/// Hands ready tasks out through Redis, each to one process that has room (decision 0023). While Redis does not work,
/// word goes the way it goes without Redis, and Redis is tried again each second.
///
/// Two threads, each with a connection of its own: one sends, one takes. Safe for use by many threads.
final class RedisWakeUps implements WakeUps {

    /// Longest wait for a reply, and for an id to come: together less than a second, within which a Redis that hangs
    /// must be given up.
    static final Duration REPLY_MAX = Duration.ofMillis(400);

    static final Duration WAIT_MAX = Duration.ofMillis(400);

    private static final Duration RETRY_EVERY = Duration.ofSeconds(1);

    /// How often a process without room looks whether it has some.
    private static final Duration ROOM_EVERY = Duration.ofMillis(20);

    private static final Duration TIDY_EVERY = Duration.ofMinutes(1);

    /// Ids that are on their way to Redis: more than it takes in while it may hang unnoticed, and small in memory.
    private static final int OUTBOX_MAX = 20_000;

    private static final int SEND_MAX = 1000;

    /// Few enough that a burst is spread over the processes, many enough for one statement each.
    private static final int TAKE_MAX = 250;

    private static final Duration STOP_MAX = Duration.ofSeconds(2);

    private static final String MEANWHILE = " " + Saying.POSTGRES_MEANWHILE.english();

    private static final Logger log = LoggerFactory.getLogger(RedisWakeUps.class);

    private final RedisServer server;
    private final Supplier<UUID> space;
    private final WakeUps instead;
    private final boolean takes;
    private final Component component;
    private final DispatchMetrics metrics;
    private final String name;

    private final ConcurrentLinkedQueue<ReadyTask> outbox = new ConcurrentLinkedQueue<>();
    private final AtomicInteger outboxSize = new AtomicInteger();
    private final Bell outboxBell = new Bell();
    private final List<Thread> threads = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private String lastFault = "";
    private boolean toldOfSuccess;
    private volatile Listener listener = type -> {};
    private volatile boolean sending;
    private volatile boolean taking;
    private volatile boolean stopping;

    /// @param name    of this process among all that ever were
    /// @param space   what tells this database's tasks from those of another; asked for with each connection
    /// @param takes   whether this process runs tasks, or only accepts them
    /// @param instead the way of the word without Redis
    RedisWakeUps(
            RedisServer server,
            UUID name,
            Supplier<UUID> space,
            boolean takes,
            WakeUps instead,
            Component component,
            DispatchMetrics metrics) {
        this.server = requireNonNull(server, "server");
        this.name = name.toString();
        this.space = requireNonNull(space, "space");
        this.takes = takes;
        this.instead = requireNonNull(instead, "instead");
        this.component = requireNonNull(component, "component");
        this.metrics = requireNonNull(metrics, "metrics");
    }

    /// Whether tasks are handed out through Redis now.
    boolean active() {
        return sending && (taking || !takes);
    }

    @Override
    public boolean handOut(ReadyTask task) {
        if (!active() || outboxSize.get() >= OUTBOX_MAX) {
            return false;
        }
        outboxSize.incrementAndGet();
        outbox.add(task);
        outboxBell.ring();
        if (!active()) {
            giveUp(List.of()); // It may have come after the last look of a sender that has given up.
        }
        return true;
    }

    @Override
    public void announce(ReadyTask task) {
        instead.announce(task);
    }

    @Override
    public void announce(String type) {
        instead.announce(type);
    }

    @Override
    public void start(Listener to) {
        listener = requireNonNull(to, "to");
        instead.start(to);
        metrics.watch(this::active);
        threads.add(Thread.ofPlatform().name("tasks-redis-send").daemon(true).start(() -> repeat(this::send)));
        if (takes) {
            threads.add(
                    Thread.ofPlatform().name("tasks-redis-take").daemon(true).start(() -> repeat(this::take)));
        }
    }

    @Override
    public void stop() {
        stopping = true;
        outboxBell.ring();
        long end = System.nanoTime() + STOP_MAX.toNanos();
        boolean interrupted = false;
        for (Thread thread : threads) {
            try {
                thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        giveUp(List.of());
        instead.stop();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Works with one connection until it fails.
    @FunctionalInterface
    private interface Work {
        void run() throws InterruptedException;
    }

    private void repeat(Work work) {
        try {
            while (!stopping) {
                try {
                    work.run();
                } catch (JedisException e) {
                    lost(e);
                } catch (RuntimeException e) { // The edge of the thread; such as PostgreSQL being away.
                    log.atDebug().setCause(e).log("could not hand out tasks through Redis");
                    fault("Redis is not used.", true);
                }
                if (!stopping) {
                    Thread.sleep(RETRY_EVERY);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Nobody interrupts these threads but to end them.
        }
    }

    private void send() throws InterruptedException {
        var streams = new TaskStreams(space.get());
        List<ReadyTask> batch = new ArrayList<>();
        try (Jedis redis = server.open("steward-send", REPLY_MAX, REPLY_MAX)) {
            streams.prepare(redis);
            sending = true;
            works();
            while (!stopping || !outbox.isEmpty()) {
                if (outbox.isEmpty()) {
                    outboxBell.await(WAIT_MAX.toNanos());
                }
                drain(batch);
                if (batch.isEmpty()) {
                    redis.ping(); // So that a Redis that has gone is noticed before somebody needs it.
                    works();
                } else {
                    streams.add(redis, batch);
                    metrics.sent(batch.size());
                    batch.clear();
                }
            }
        } finally {
            sending = false;
            giveUp(batch);
        }
    }

    private void drain(List<ReadyTask> into) {
        while (into.size() < SEND_MAX) {
            ReadyTask next = outbox.poll();
            if (next == null) {
                return;
            }
            outboxSize.decrementAndGet();
            into.add(next);
        }
    }

    /// What may not have reached Redis goes the other way.
    private void giveUp(List<ReadyTask> unsent) {
        Set<String> types = new HashSet<>();
        unsent.forEach(task -> types.add(task.type()));
        for (ReadyTask next = outbox.poll(); next != null; next = outbox.poll()) {
            outboxSize.decrementAndGet();
            types.add(next.type());
        }
        for (String type : types) {
            listener.ready(type);
            instead.announce(type);
        }
    }

    private void take() throws InterruptedException {
        var streams = new TaskStreams(space.get());
        try (Jedis redis = server.open("steward-take", REPLY_MAX, WAIT_MAX.plus(REPLY_MAX))) {
            streams.prepare(redis);
            taking = true;
            works();
            long tidied = System.nanoTime();
            while (!stopping) {
                takeOnce(redis, streams);
                if (System.nanoTime() - tidied >= TIDY_EVERY.toNanos()) {
                    streams.tidy(redis, name);
                    tidied = System.nanoTime();
                }
            }
            streams.leave(redis, name);
        } finally {
            taking = false;
            listener.ready(TaskStore.EVERY_TYPE); // What nobody could be told of is in the table.
        }
    }

    private void takeOnce(Jedis redis, TaskStreams streams) throws InterruptedException {
        int room = Math.min(listener.room(), TAKE_MAX);
        if (room <= 0) {
            TimeUnit.NANOSECONDS.sleep(ROOM_EVERY.toNanos());
            return;
        }
        try {
            List<ReadyTask> taken = streams.take(redis, name, room);
            if (taken.isEmpty()) {
                taken = streams.await(redis, name, WAIT_MAX);
            }
            if (!taken.isEmpty()) {
                metrics.handed(taken.size());
                listener.handed(taken);
            }
        } catch (JedisDataException e) {
            if (!TaskStreams.emptied(e)) {
                throw e;
            }
            streams.prepare(redis);
            log.atInfo().log("Redis was emptied; tasks that it was to hand out are taken from PostgreSQL");
            listener.ready(TaskStore.EVERY_TYPE);
        }
    }

    private void works() {
        if (!active()) {
            return;
        }
        component.worked();
        lock.lock();
        try {
            lastFault = "";
            if (!toldOfSuccess) {
                toldOfSuccess = true;
                log.atInfo().addKeyValue("redis", server.address()).log("tasks are handed out through Redis");
            }
        } finally {
            lock.unlock();
        }
    }

    private void lost(JedisException failure) {
        RedisFaults.Fault fault = RedisFaults.describe(failure, server.address());
        fault(fault.message(), fault.byItself());
    }

    private void fault(String message, boolean byItself) {
        component.failed(message + MEANWHILE);
        lock.lock();
        try {
            if (lastFault.equals(message)) {
                return;
            }
            lastFault = message;
            toldOfSuccess = false;
        } finally {
            lock.unlock();
        }
        metrics.failed();
        (byItself ? log.atWarn() : log.atError())
                .addKeyValue("redis", server.address())
                .addKeyValue("reason", message)
                .log("tasks are handed out by PostgreSQL, because Redis does not work");
    }
}
