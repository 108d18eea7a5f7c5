package dev.steward.assistant.agents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steward.base.Wording;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingRulesTest {

    @ParameterizedTest
    @CsvFileSource(resources = "/routing-corpus.csv", delimiter = '|')
    void messagesGoToWhoFits(String agent, String message) {
        assertThat(RoutingRules.match(message.replace("\\n", "\n"))
                        .map(choice -> choice.agent().name())
                        .orElse("nobody"))
                .isEqualTo(agent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"@zeta why?", "Zeta, why?", "hey zeta, why", "  ZETA: why"})
    void anAgentThatIsSpokenToByNameIsMeant(String message) {
        assertThat(RoutingRules.addressed(message)).contains(Agents.ZETA);
    }

    @ParameterizedTest
    @ValueSource(strings = {"what is a zeta function", "the beta version, please", "alphabet, sorted"})
    void aNameInTheMiddleIsNoAddress(String message) {
        assertThat(RoutingRules.addressed(message)).isEmpty();
    }

    @Test
    void handOversAreFollowedAtMostTwiceAndNeverBack() {
        String message = "hand over to beta, then hand over to alpha, then switch to zeta, then pass it to eta";

        Route route =
                Route.from(Agents.ALPHA, new Wording("why", List.of()), RoutingRules.handOvers(message), List.of());

        assertThat(route.handOvers())
                .containsExactly(
                        new Route.HandOver(Agents.ALPHA, Agents.BETA), new Route.HandOver(Agents.BETA, Agents.ZETA));
        assertThat(route.agent()).isEqualTo(Agents.ZETA);
    }

    @Test
    void anAgentDoesNotConsultItself() {
        List<Agent> asked = RoutingRules.consulted("ask zeta, consult beta, what does zeta think");

        assertThat(Route.from(Agents.ZETA, new Wording("why", List.of()), List.of(), asked)
                        .consulted())
                .containsExactly(Agents.BETA);
    }

    @Test
    void sevenAgentsHaveShortStablePersonasAndABreakerEach() {
        assertThat(Agents.ALL)
                .hasSize(7)
                .extracting(Agent::breaker)
                .doesNotHaveDuplicates()
                .contains("ollama_alpha");
        assertThat(Agents.ALL)
                .allSatisfy(agent ->
                        assertThat(agent.persona().split("\\s+")).hasSizeLessThanOrEqualTo(Agent.PERSONA_WORDS_MAX));
    }
}
