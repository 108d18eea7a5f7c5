package dev.steward.assistant.agents;

import dev.steward.base.Saying;
import dev.steward.base.Wording;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Chooses an agent by what a message says, without a model and always the same way. A table of words, each with
/// its weight; an agent is chosen when its words weigh at least [#ENOUGH] and more than anybody else's.
///
/// Every pattern is a plain alternation of words, so the time is linear in the message. Safe for use by many
/// threads.
public final class RoutingRules {

    /// One strong word or two weak ones.
    static final int ENOUGH = 2;

    /// A message is judged by its beginning: people say first what they want, and paste long texts after it.
    static final int CHARS_READ = 2_000;

    private static final Pattern CODE_FENCE =
            Pattern.compile("```|^\\s{0,3}(#include|import java|def \\w+\\(|SELECT .+ FROM )", Pattern.MULTILINE);

    private static final List<Words> TABLE = List.of(
            new Words(
                    Agents.ZETA,
                    2,
                    "code|function|method|class|compile|compiler|stack trace|stacktrace|exception|java"
                            + "|python|javascript|typescript|rust|golang|c\\+\\+|sql|regex|regular expression|bash|shell script"
                            + "|unit test|refactor|debug|bug|algorithm|docker|kubernetes|git|api endpoint|html|css|json|yaml"
                            + "|programm|quelltext|skript"),
            new Words(Agents.ZETA, 1, "script|program|error message|database|query|library|framework|variable|loop"),
            new Words(
                    Agents.DELTA,
                    2,
                    "remind|reminder|reminders|to-do|todo|to do list|deadline|deadlines|schedule|agenda"
                            + "|appointment|due date|prioriti[sz]e|project plan|milestone|milestones|erinnere|erinnerung|aufgabe"
                            + "|aufgaben|termin|termine|frist"),
            new Words(Agents.DELTA, 1, "task|tasks|plan|tomorrow|next week|calendar|priority|steps|planen|morgen"),
            new Words(
                    Agents.BETA,
                    2,
                    "research|compare|comparison|pros and cons|evidence|statistics|study|studies|survey"
                            + "|sources|analy[sz]e|analysis|summari[sz]e|summary|market|versus|vergleiche|vergleich|recherchiere"
                            + "|analysiere|zusammenfassung|fasse"),
            new Words(
                    Agents.BETA,
                    1,
                    "difference|differences|figures|report|facts|history of|explain why|advantages"
                            + "|unterschied|quelle|quellen"),
            new Words(
                    Agents.GAMMA,
                    2,
                    "zettelkasten|note|notes|backlink|backlinks|knowledge base|mind map|flashcard"
                            + "|flashcards|link this to|notiz|notizen|wissen|karteikarte"),
            new Words(Agents.GAMMA, 1, "organi[sz]e|learn|remember that|tags|topic|topics|lernen"),
            new Words(
                    Agents.EPSILON,
                    2,
                    "poem|story|song|lyrics|slogan|haiku|limerick|novel|brainstorm|birthday card"
                            + "|creative|screenplay|video|logo|rhyme|gedicht|geschichte|lied|reim"),
            new Words(
                    Agents.EPSILON,
                    1,
                    "write|letter|e-mail|email|name for|names for|idea|ideas|picture|toast|joke"
                            + "|speech|invitation|schreibe|brief|ideen|rede"),
            new Words(
                    Agents.ETA,
                    2,
                    "steward|system status|system health|server health|circuit breaker|breaker|breakers"
                            + "|your health|backend|backends|dead letter|dead letters|uptime"),
            new Words(Agents.ETA, 1, "latency|settings|configuration|slow|memory usage|improve yourself"));

    private static final String NAMES = "(alpha|beta|gamma|delta|epsilon|zeta|eta)";

    private static final Pattern ADDRESSED = Pattern.compile(
            "^\\s*(?:@" + NAMES + "\\b|(?:hey |hi |hello )?" + NAMES + "\\s*[,:])", Pattern.CASE_INSENSITIVE);

    private static final Pattern HAND_OVER = Pattern.compile(
            "\\b(?:hand (?:it |this )?over to|pass (?:it|this) (?:on )?to|switch to|let me talk to|give (?:it|this) to)"
                    + " @?" + NAMES + "\\b",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern CONSULT = Pattern.compile(
            "\\b(?:ask|consult|check with|talk to|with the help of|what does|what would) @?" + NAMES + "\\b",
            Pattern.CASE_INSENSITIVE);

    private RoutingRules() {}

    /// The agent that the message speaks to by name, such as `@zeta` or `Zeta, …`.
    public static Optional<Agent> addressed(String message) {
        return first(ADDRESSED.matcher(beginning(message)));
    }

    /// The agents that the message wants to have the turn, in order, each once.
    public static List<Agent> handOvers(String message) {
        return all(HAND_OVER.matcher(beginning(message)));
    }

    /// The agents that the message wants to be asked, in order, each once.
    public static List<Agent> consulted(String message) {
        return all(CONSULT.matcher(beginning(message)));
    }

    /// The agent whose words weigh most; empty when nobody's weigh enough or two weigh the same.
    public static Optional<Choice> match(String message) {
        String text = beginning(message);
        if (CODE_FENCE.matcher(text).find()) {
            return Optional.of(new Choice(Agents.ZETA, Saying.CODE_IN_MESSAGE.said()));
        }
        Map<Agent, Integer> weights = new HashMap<>();
        Map<Agent, String> words = new HashMap<>();
        for (Words row : TABLE) {
            Set<String> seen = new HashSet<>();
            Matcher matcher = row.pattern().matcher(text);
            while (matcher.find()) {
                if (seen.add(matcher.group().toLowerCase(Locale.ROOT))) {
                    weights.merge(row.agent(), row.weight(), Integer::sum);
                    words.putIfAbsent(row.agent(), matcher.group().toLowerCase(Locale.ROOT));
                }
            }
        }
        Agent best = null;
        int most = ENOUGH - 1;
        boolean tie = false;
        for (Agent agent : Agents.ALL) {
            int weight = weights.getOrDefault(agent, 0);
            if (weight > most) {
                best = agent;
                most = weight;
                tie = false;
            } else if (weight == most && best != null) {
                tie = true;
            }
        }
        if (best == null || tie) {
            return Optional.empty();
        }
        String word = words.get(best);
        return Optional.of(new Choice(best, Saying.MESSAGE_SPEAKS_OF.said(String.valueOf(word))));
    }

    private static Optional<Agent> first(Matcher matcher) {
        return matcher.find() ? Optional.of(named(matcher)) : Optional.empty();
    }

    private static List<Agent> all(Matcher matcher) {
        List<Agent> agents = new ArrayList<>();
        while (matcher.find()) {
            Agent agent = named(matcher);
            if (!agents.contains(agent)) {
                agents.add(agent);
            }
        }
        return agents;
    }

    private static Agent named(Matcher matcher) {
        String name = matcher.group(1) != null || matcher.groupCount() == 1 ? matcher.group(1) : matcher.group(2);
        return Agents.get(name);
    }

    private static String beginning(String message) {
        return message.length() <= CHARS_READ ? message : message.substring(0, CHARS_READ);
    }

    /// Why an agent was chosen; `why` is a phrase for people.
    public record Choice(Agent agent, Wording why) {}

    private record Words(Agent agent, int weight, Pattern pattern) {
        Words(Agent agent, int weight, String alternatives) {
            this(
                    agent,
                    weight,
                    Pattern.compile(
                            "(?<![\\p{L}\\p{N}])(?:" + alternatives + ")(?![\\p{L}\\p{N}])",
                            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE));
        }
    }
}
