package dev.steward.assistant.agents;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Saying;
import dev.steward.base.Wording;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Who answers a turn, and how it got there.
///
/// @param agent     who answers
/// @param why       a phrase for the reader
/// @param handOvers from one agent to the next, at most [#HOPS_MAX], never twice to the same
/// @param consulted whom the answering agent asks first; never itself
public record Route(Agent agent, Wording why, List<HandOver> handOvers, List<Agent> consulted) {

    /// Hand-overs of one turn. More would only make the person wait.
    public static final int HOPS_MAX = 2;

    /// Agents asked for advice in one turn: each is a whole model call before the answer begins.
    public static final int CONSULTED_MAX = 1;

    public Route {
        requireNonNull(agent, "agent");
        requireNonNull(why, "why");
        handOvers = List.copyOf(handOvers);
        consulted = List.copyOf(consulted);
    }

    /// Begins with `first` and follows wishes for a hand-over, in order, as far as the limits allow. An agent that
    /// had the turn already doesn't get it again, so this always ends.
    public static Route from(Agent first, Wording why, List<Agent> handOverTo, List<Agent> consult) {
        Agent holder = first;
        Wording reason = why;
        Set<Agent> had = new LinkedHashSet<>(List.of(first));
        List<HandOver> hops = new ArrayList<>();
        for (Agent next : handOverTo) {
            if (hops.size() < HOPS_MAX && had.add(next)) {
                reason = Saying.HANDED_OVER.said(holder.displayName());
                hops.add(new HandOver(holder, next));
                holder = next;
            }
        }
        Agent answering = holder;
        List<Agent> asked = consult.stream()
                .filter(a -> !a.equals(answering))
                .distinct()
                .limit(CONSULTED_MAX)
                .toList();
        return new Route(answering, reason, hops, asked);
    }

    /// One agent gives the turn to another.
    public record HandOver(Agent from, Agent to) {}
}
