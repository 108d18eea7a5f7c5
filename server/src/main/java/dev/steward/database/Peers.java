package dev.steward.database;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The other processes on this database: whether there are any, what they say, and which one of all leads.
///
/// Each process holds one connection for it. Words go by NOTIFY, in statements of their own and at most one each
/// [#SEND_EVERY]: inside of a transaction that writes, NOTIFY would make all commits queue. A word is a hint. It
/// may be lost, doubled or late, and whoever hears a topic is told when that may have happened; so everything that
/// is said here must be found in the tables as well, only later.
///
/// One process leads: it holds an advisory lock on that connection. It knows so for [#LEAD_MAX] after the database
/// last answered; the database ends the session, and the lock with it, when the process is silent for
/// [#SILENCE_MAX]. So a leader that is killed is replaced within a second, and one that is stopped or cut off after
/// that time, when it has long known that it leads no more. But a database that fails over forgets its locks, and
/// what was begun while leading may end later: work of a leader must be harmless when done twice.
///
/// Behind a pooler that lends out connections by transaction neither works. That is noticed and said once; then nothing
/// is told or heard, and every process leads.
///
/// Safe for use by many threads. Telling neither waits nor throws.
public final class Peers implements AutoCloseable {

    /// Names the held connections in `pg_stat_activity`; that is how processes see each other.
    static final String SESSION = "steward peers";

    /// The lock that the leader holds: "steward" as a number.
    private static final long LEADER = 0x73746577617264L;

    /// A look at the others, the proof that the connection lives, and a try to lead.
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    /// An answer to a look takes a millisecond; without one in this time the connection is given up.
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

    /// How long leading is certain after a look was begun that was answered.
    static final Duration LEAD_MAX = Duration.ofSeconds(5);

    /// The database ends a held session that says nothing for this long; longer than [#LEAD_MAX], with room to spare.
    static final Duration SILENCE_MAX = Duration.ofSeconds(10);

    /// Shortest time between two statements that tell. A thousand tasks accepted meanwhile make one word.
    static final Duration SEND_EVERY = Duration.ofMillis(5);

    /// Different words that wait to be sent. More are forgotten; those who would have heard find out by themselves.
    private static final int PENDING_MAX = 10_000;

    /// PostgreSQL takes less than 8,000 bytes.
    private static final int TEXT_MAX = 1_000;

    private static final Duration PAUSE_FIRST = Duration.ofMillis(50);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(5);

    /// When to try again where a pooler swallows what is said.
    private static final Duration POOLED_PAUSE = Duration.ofMinutes(10);

    private static final Duration PROOF_MAX = Duration.ofSeconds(3);

    private static final String PROOF = "steward_proof";

    /// Said to oneself, so that the listening thread looks up.
    private static final String WAKE = "steward_wake";
    private static final Pattern TOPIC = Pattern.compile("steward_[a-z]{1,30}");

    private static final Logger log = LoggerFactory.getLogger(Peers.class);

    private final DataSource singles;
    private final DataSource pool;
    private final Duration lookEvery;
    private final String self = Long.toHexString(ThreadLocalRandom.current().nextLong());
    private final Map<String, Ear> ears = new ConcurrentHashMap<>();
    private final Set<Word> pending = ConcurrentHashMap.newKeySet();
    private final Semaphore something = new Semaphore(0);
    private final Thread listening;
    private final Thread sending;
    private volatile @Nullable Connection held;
    private volatile boolean closed;
    private volatile boolean any;
    private volatile boolean pooled;
    private volatile boolean proven;
    private volatile boolean leading;
    private volatile long answered;

    /// @param singles where the held connection comes from
    /// @param pool    for the short statements that tell
    public Peers(DataSource singles, DataSource pool) {
        this(singles, pool, LOOK_EVERY);
    }

    Peers(DataSource singles, DataSource pool, Duration lookEvery) {
        this.lookEvery = requireNonNull(lookEvery, "lookEvery");
        this.singles = requireNonNull(singles, "singles");
        this.pool = requireNonNull(pool, "pool");
        // Platform threads: work that computes must not keep a leader from proving that it lives.
        this.listening = Thread.ofPlatform().daemon().name("peers-listen").unstarted(this::listen);
        this.sending = Thread.ofPlatform().daemon().name("peers-tell").unstarted(this::send);
    }

    private record Word(String topic, String text) {}

    private record Ear(Consumer<String> listener, Runnable missed) {}

    /// Begins to hear and to be seen, in the background.
    public void start() {
        listening.start();
        sending.start();
    }

    /// From here on hands over what others say about this topic. It is heard as soon as `missed` is called for the
    /// first time, which is at once where there is a connection.
    ///
    /// @param topic    `steward_…`, in small letters; one listener each
    /// @param listener returns at once
    /// @param missed   called when words may have been lost: with each new connection
    public void hear(String topic, Consumer<String> listener, Runnable missed) {
        if (!TOPIC.matcher(topic).matches()) {
            throw new IllegalArgumentException("topic must look like steward_tasks, was " + topic);
        }
        if (ears.putIfAbsent(topic, new Ear(requireNonNull(listener), requireNonNull(missed))) != null) {
            throw new IllegalStateException(topic + " is heard already");
        }
        if (held != null) {
            pending.add(new Word(WAKE, self));
            something.release();
        }
    }

    /// Says something to the others, if there are any.
    ///
    /// @param text at most [#TEXT_MAX] characters
    public void tell(String topic, String text) {
        if (!any || closed) {
            return;
        }
        if (text.length() > TEXT_MAX) {
            throw new IllegalArgumentException("text must have at most " + TEXT_MAX + " characters");
        }
        if (pending.size() < PENDING_MAX && pending.add(new Word(topic, text))) {
            something.release();
        }
    }

    /// Sends at once what was said, for one who is about to stop.
    public void flush() {
        sendPending();
    }

    /// Whether there are other processes, as of about a second ago.
    public boolean any() {
        return any;
    }

    /// Whether this process is the one that does what needs doing only once.
    public boolean leads() {
        return pooled || (leading && System.nanoTime() - answered < LEAD_MAX.toNanos());
    }

    @Override
    public void close() {
        flush();
        closed = true;
        leading = false;
        listening.interrupt();
        sending.interrupt();
        Connection connection = held;
        if (connection != null) {
            close(connection);
        }
        try {
            for (Thread thread : List.of(listening, sending)) {
                if (thread.getState() != Thread.State.NEW) { // A start may have been given up before it came here.
                    thread.join(ANSWER_MAX);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen() {
        Duration pause = PAUSE_FIRST;
        boolean told = false;
        while (!closed) {
            try (Connection connection = singles.getConnection()) {
                held = connection;
                connection.setNetworkTimeout(Runnable::run, (int) ANSWER_MAX.toMillis());
                if (!proves(connection)) {
                    pause = pooled();
                } else {
                    pause = PAUSE_FIRST;
                    if (told) {
                        told = false;
                        log.atInfo().log("other processes are heard again");
                    }
                    hold(connection);
                }
            } catch (SQLException | RuntimeException e) {
                if (!told && !closed) {
                    told = true;
                    log.atInfo()
                            .setCause(e)
                            .log("the connection to other processes was lost; what they do is found by looking");
                }
            } finally {
                leading = false;
                held = null;
            }
            pause = pauseAfter(pause);
        }
    }

    private static void open(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "set application_name = '" + SESSION + "'; set idle_session_timeout = " + SILENCE_MAX.toMillis()
                            + "; set statement_timeout = " + ANSWER_MAX.toMillis() + "; listen " + WAKE);
        }
    }

    /// Whether what is said arrives here. Changes no setting of the session: behind a pooler it may be another's next.
    private boolean proves(Connection connection) throws SQLException {
        proven = false;
        try (Statement statement = connection.createStatement()) {
            statement.execute("listen " + PROOF);
        }
        tell(Set.of(new Word(PROOF, self)));
        long end = System.nanoTime() + PROOF_MAX.toNanos();
        while (!proven && System.nanoTime() < end && !closed) {
            receive(connection, Duration.ofMillis(200));
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("unlisten " + PROOF);
        }
        return proven;
    }

    private Duration pooled() {
        if (!pooled && !closed) {
            log.atWarn()
                    .log(
                            "the database does not pass on words between processes, as behind a pooler in transaction mode;"
                                    + " what others do is found by looking, within a second");
            pooled = true;
        }
        any = false;
        return POOLED_PAUSE;
    }

    /// Until the connection is lost.
    private void hold(Connection connection) throws SQLException {
        open(connection);
        Set<String> heard = new HashSet<>();
        listenTo(connection, heard);
        look(connection);
        pooled = false;
        long looked = System.nanoTime();
        while (!closed) {
            receive(connection, lookEvery);
            listenTo(connection, heard);
            if (System.nanoTime() - looked >= lookEvery.toNanos()) {
                looked = System.nanoTime();
                look(connection);
            }
        }
    }

    /// @param heard what is listened to already, and then all
    private void listenTo(Connection connection, Set<String> heard) throws SQLException {
        for (Map.Entry<String, Ear> ear : ears.entrySet()) {
            if (heard.add(ear.getKey())) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("listen " + ear.getKey());
                }
                safely(ear.getValue().missed());
            }
        }
    }

    private void look(Connection connection) throws SQLException {
        long begun = System.nanoTime();
        // A lock that is held already would be taken once more by each try.
        String lead = leading ? "true" : "pg_try_advisory_lock(" + LEADER + ")";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select " + lead + ", exists (select 1 from pg_stat_activity"
                        + " where datname = current_database() and application_name = '" + SESSION
                        + "' and pid <> pg_backend_pid())")) {
            row.next();
            boolean leads = row.getBoolean(1);
            any = row.getBoolean(2);
            answered = begun;
            if (leads != leading) {
                leading = leads;
                log.atInfo().log("this process leads: it does what needs doing only once");
            }
        }
    }

    private void receive(Connection connection, Duration wait) throws SQLException {
        PGNotification[] words = connection.unwrap(PGConnection.class).getNotifications((int) wait.toMillis());
        if (words == null) {
            return;
        }
        for (PGNotification word : words) {
            int space = word.getParameter().indexOf(' ');
            String from = word.getParameter().substring(0, Math.max(0, space));
            String text = word.getParameter().substring(space + 1);
            if (word.getName().equals(PROOF)) {
                proven |= text.equals(self);
            } else if (!from.equals(self)) {
                Ear ear = ears.get(word.getName());
                if (ear != null) {
                    safely(() -> ear.listener().accept(text));
                }
            }
        }
    }

    private static void safely(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException e) { // The outer edge of what others do with a word.
            log.atWarn().setCause(e).log("a word of another process could not be taken");
        }
    }

    private void send() {
        try {
            while (!closed) {
                something.acquire();
                something.drainPermits();
                sendPending();
                Thread.sleep(SEND_EVERY);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void sendPending() {
        // What is said again in between is sent after it was said: that is all it asks for.
        Set<Word> words = new HashSet<>(pending);
        pending.removeAll(words);
        try {
            tell(words);
        } catch (SQLException | RuntimeException e) {
            log.atDebug().setCause(e).log("others could not be told; they find out by themselves");
        }
    }

    private void tell(Set<Word> words) throws SQLException {
        if (words.isEmpty()) {
            return;
        }
        // Nothing is lost with a word, so its commit needs no fsync.
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "select set_config('synchronous_commit', 'off', true), pg_notify(w.topic, w.text)"
                                + " from unnest(?::text[], ?::text[]) as w(topic, text)")) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "text", words.stream().map(Word::topic).toArray()));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "text",
                            words.stream().map(w -> self + ' ' + w.text()).toArray()));
            statement.execute();
        }
    }

    /// Waits, a little less or more each time, so that many processes don't come back in step.
    private Duration pauseAfter(Duration pause) {
        try {
            long millis = pause.toMillis();
            TimeUnit.MILLISECONDS.sleep(
                    closed ? 0 : millis / 2 + ThreadLocalRandom.current().nextLong(millis));
        } catch (InterruptedException _) {
            return pause; // Only close() interrupts, and the loop's condition knows of it.
        }
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : doubled;
    }

    private static void close(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            log.atDebug().setCause(e).log("a connection was gone already");
        }
    }
}
