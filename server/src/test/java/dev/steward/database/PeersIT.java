package dev.steward.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.testing.Eventually;
import dev.steward.testing.PostgresFixture;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.AbstractDataSource;

class PeersIT {

    private static final String TOPIC = "steward_test";

    @AutoClose
    private final PostgresFixture postgres = PostgresFixture.create();

    private final List<Peers> all = new ArrayList<>();

    @AfterEach
    void close() {
        all.forEach(Peers::close);
    }

    private Peers process() {
        return process(postgres.singles());
    }

    private Peers process(DataSource singles) {
        var peers = new Peers(singles, postgres.dataSource());
        all.add(peers);
        return peers;
    }

    @Test
    void wordsReachTheOthersAndNotOneself() {
        List<String> here = new CopyOnWriteArrayList<>();
        List<String> there = new CopyOnWriteArrayList<>();
        Peers one = process();
        one.hear(TOPIC, here::add, () -> {});
        Peers two = process();
        two.hear(TOPIC, there::add, () -> {});
        one.start();
        two.start();
        Eventually.until("they see each other", () -> one.any() && two.any());

        one.tell(TOPIC, "a word of two parts");
        two.tell(TOPIC, "an answer");

        Eventually.until("both have heard", () -> here.size() + there.size() == 2);
        assertThat(there).containsExactly("a word of two parts");
        assertThat(here).containsExactly("an answer");
    }

    @Test
    void whoBeginsToHearLateIsHeardAtOnceAndNotWithTheNextLook() {
        var one = new Peers(postgres.singles(), postgres.dataSource(), Duration.ofMinutes(10));
        all.add(one);
        one.start();
        Eventually.until("it leads", one::leads);
        var heard = new AtomicInteger();

        one.hear(TOPIC, _ -> {}, heard::incrementAndGet);

        // The next look is minutes away, and the session ends before it: after the longest silence.
        Eventually.until("it is heard", Peers.SILENCE_MAX.dividedBy(2), () -> heard.get() == 1);
    }

    @Test
    void aProcessThatIsAloneSaysNothing() {
        Peers one = process();
        one.start();
        Eventually.until("it leads", one::leads);
        long before = sent();

        for (int i = 0; i < 1000; i++) {
            one.tell(TOPIC, "word " + i);
        }
        one.flush();

        assertThat(one.any()).isFalse();
        assertThat(sent()).isEqualTo(before);
    }

    /// The end of the queue that PostgreSQL keeps of all words; moves with each.
    private long sent() {
        return postgres.jdbc()
                .sql("select (pg_notification_queue_usage() * 1e15)::bigint")
                .query(Long.class)
                .single();
    }

    @Test
    void whatWasNeverStartedIsClosedAllTheSame() {
        Peers one = process();

        one.close();

        assertThat(one.leads()).isFalse();
    }

    @Test
    void aThousandEqualWordsMakeFew() {
        List<String> there = new CopyOnWriteArrayList<>();
        Peers one = process();
        Peers two = process();
        two.hear(TOPIC, there::add, () -> {});
        one.start();
        two.start();
        Eventually.until("they see each other", () -> one.any() && two.any());

        for (int i = 0; i < 1000; i++) {
            one.tell(TOPIC, "same");
        }
        one.tell(TOPIC, "last");

        Eventually.until("the last is heard", () -> there.contains("last"));
        assertThat(there.size()).isLessThan(100);
    }

    @Test
    void aLostConnectionComesBackAndListenersHearOfTheGap() {
        List<String> there = new CopyOnWriteArrayList<>();
        var missed = new AtomicInteger();
        Peers one = process();
        Peers two = process();
        two.hear(TOPIC, there::add, missed::incrementAndGet);
        one.start();
        two.start();
        Eventually.until("they see each other", () -> one.any() && two.any());
        assertThat(missed).hasValue(1);

        endSessions();

        Eventually.until("the gap is told", () -> missed.get() == 2);
        Eventually.until("words arrive again", () -> {
            one.tell(TOPIC, "again");
            return there.contains("again");
        });
    }

    @Test
    void oneLeadsAndAnotherOneFollowsWhenItsSessionEnds() {
        List<Peers> three = Stream.generate(this::process).limit(3).toList();
        three.forEach(Peers::start);
        Eventually.until("one leads", () -> leaders(three) == 1);
        Peers first = three.stream().filter(Peers::leads).findFirst().orElseThrow();

        first.close();

        assertThat(first.leads()).isFalse();
        Eventually.until("another one leads", () -> leaders(three) == 1);
    }

    @Test
    void oneLeadsHoweverOftenSessionsEnd() {
        List<Peers> three = Stream.generate(this::process).limit(3).toList();
        three.forEach(Peers::start);
        for (int round = 0; round < 5; round++) {
            Eventually.until("one leads", () -> leaders(three) == 1);
            endSessions();
        }
        Eventually.until("one leads", () -> leaders(three) == 1);
    }

    /// As a process that is stopped: its connection stays open, and nothing comes from it.
    @Test
    void aSilentLeaderIsReplacedAndKnowsIt() throws InterruptedException {
        var goOn = new CountDownLatch(1);
        Peers silent = process();
        silent.hear(
                TOPIC,
                _ -> {
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                () -> {});
        silent.start();
        Eventually.until("it leads", silent::leads);
        Peers other = process();
        other.start();
        Eventually.until("it is seen", other::any);

        other.tell(TOPIC, "be silent");

        Eventually.until("it leads no more", Duration.ofSeconds(15), () -> !silent.leads());
        assertThat(other.leads()).isFalse();
        Eventually.until("the other one leads", Duration.ofSeconds(30), other::leads);
        assertThat(silent.leads()).isFalse();
        goOn.countDown();
        Eventually.until("it is back", silent::any);
        assertThat(silent.leads()).isFalse();
    }

    @Test
    void behindAPoolerThatSwallowsWordsEveryProcessLeadsAndNobodyIsTold() {
        Peers one = process(deaf(postgres.singles()));
        Peers two = process(deaf(postgres.singles()));
        one.start();
        two.start();

        Eventually.until("both lead", Duration.ofSeconds(20), () -> one.leads() && two.leads());
        assertThat(one.any()).isFalse();
        assertThat(two.any()).isFalse();
    }

    private static int leaders(List<Peers> peers) {
        return (int) peers.stream().filter(Peers::leads).count();
    }

    private void endSessions() {
        postgres.jdbc().sql("""
                        select count(pg_terminate_backend(pid)) from pg_stat_activity
                        where datname = current_database() and application_name = 'steward peers'
                        """).query(Long.class).single();
    }

    /// As a pooler that lends its connections by transaction: LISTEN works, and nothing ever comes.
    private static DataSource deaf(DataSource source) {
        return new AbstractDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                return proxy(Connection.class, source.getConnection());
            }

            @Override
            public Connection getConnection(String user, String password) throws SQLException {
                throw new SQLFeatureNotSupportedException("the fixture has one user");
            }
        };
    }

    private static <T> T proxy(Class<T> type, Object target) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    if (arguments != null && arguments[0] instanceof String sql && sql.startsWith("listen ")) {
                        return true;
                    }
                    try {
                        Object answer = method.invoke(target, arguments);
                        return method.getName().equals("createStatement") ? proxy(Statement.class, answer) : answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
