package dev.steward.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunAsTest {

    private static final RunAs.Owner NOBODY = new RunAs.Owner("nobody", 65534, 65534);
    private static final RunAs.Owner STEWARD = new RunAs.Owner("steward", 990, 980);

    @Test
    void rootGivesTheServerToStewardsOwnUserBeforeNobody() {
        List<RunAs> ways = RunAs.candidates(true, true, List.of(NOBODY, STEWARD));

        assertThat(ways.getFirst().owner()).contains(STEWARD);
        assertThat(ways.getFirst().prefix())
                .startsWith("setpriv", "--reuid", "990", "--regid", "980")
                .endsWith("--pdeathsig", "INT", "--");
    }

    @Test
    void rootWithoutAnyOtherUserUsesANamespace() {
        assertThat(RunAs.candidates(true, true, List.of()))
                .isNotEmpty()
                .allSatisfy(way -> assertThat(way.prefix()).startsWith("unshare", "-U"));
    }

    @Test
    void aNormalUserRunsItAsItself() {
        assertThat(RunAs.candidates(false, true, List.of(NOBODY)))
                .allSatisfy(way -> assertThat(way.owner()).isEmpty())
                .extracting(RunAs::prefix)
                .containsExactly(List.of("setpriv", "--pdeathsig", "INT", "--"), List.of());
    }

    @Test
    void aUserWithoutANameBorrowsOneFromANamespace() {
        assertThat(RunAs.candidates(false, false, List.of()).getFirst().prefix())
                .startsWith("unshare", "-U");
    }

    @Test
    void theFirstWayThatWorksIsTaken() {
        RunAs broken = new RunAs(List.of("/bin/false"), java.util.Optional.empty());
        RunAs working = new RunAs(List.of("/usr/bin/env"), java.util.Optional.empty());

        RunAs chosen = RunAs.choose(List.of(broken, working), Path.of("/bin/true"));

        assertThat(chosen.prefix()).endsWith("/usr/bin/env");
    }

    @Test
    void whenNoWayWorksTheOperatorIsToldWhatToDo() {
        RunAs broken = new RunAs(List.of("/bin/false"), java.util.Optional.empty());

        assertThatThrownBy(() -> RunAs.choose(List.of(broken), Path.of("/bin/true")))
                .isInstanceOf(DatabaseStartException.class)
                .hasMessageContaining("database.url");
    }
}
