package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Reads `turn_event`, always along its primary key.
final class TurnEventStore implements TurnEventSource {

    private final JdbcClient jdbc;

    TurnEventStore(JdbcClient jdbc) {
        this.jdbc = requireNonNull(jdbc, "jdbc");
    }

    @Override
    public List<TurnEvent> after(TurnId turn, long seq, int limit) {
        return jdbc.sql("""
                        select seq, kind, data
                          from turn_event
                         where turn_id = :turn and seq > :seq
                         order by seq
                         limit :limit
                        """)
                .param("turn", turn.value())
                .param("seq", seq)
                .param("limit", limit)
                .query((row, _) -> new TurnEvent(
                        row.getLong("seq"), TurnEventKind.of(row.getString("kind")), row.getString("data")))
                .list();
    }

    @Override
    public Optional<State> state(UserId owner, TurnId turn) {
        return jdbc.sql("""
                        select t.last_seq, t.status
                          from turn t
                          join conversation c on c.id = t.conversation_id and c.deleted_at is null
                         where t.id = :turn and t.owner = :owner
                        """)
                .param("turn", turn.value())
                .param("owner", owner.value())
                .query((row, _) -> new State(
                        row.getLong("last_seq"),
                        TurnStatus.of(row.getString("status")).ended()))
                .optional();
    }

    @Override
    public Map<TurnId, State> states(Collection<TurnId> turns) {
        Map<TurnId, State> states = new HashMap<>();
        jdbc.sql("select id, last_seq, status from turn where id = any (:ids)")
                .param("ids", turns.stream().map(TurnId::value).toArray(UUID[]::new))
                .query((row, _) -> states.put(
                        new TurnId(row.getObject("id", UUID.class)),
                        new State(
                                row.getLong("last_seq"),
                                TurnStatus.of(row.getString("status")).ended())))
                .list();
        return states;
    }

    /// Reads all of a turn's text in one statement, so in one snapshot.
    Said said(TurnId turn) {
        var text = new StringBuilder();
        var last = new Latest();
        jdbc.sql("""
                        select seq, kind, data, data ->> 'text' as text, cast(data ->> 'offset' as integer) as start
                          from turn_event
                         where turn_id = :turn
                         order by seq
                        """).param("turn", turn.value()).query(row -> {
            var kind = TurnEventKind.of(row.getString("kind"));
            if (kind == TurnEventKind.TOKEN) {
                text.append(row.getString("text"));
            } else if (kind == TurnEventKind.RESET) {
                text.setLength(row.getInt("start"));
            }
            last.event = new TurnEvent(row.getLong("seq"), kind, row.getString("data"));
        });
        TurnEvent event = last.event;
        return new Said(text.toString(), event == null ? 0 : event.seq(), Optional.ofNullable(event));
    }

    private static final class Latest {
        @Nullable TurnEvent event;
    }
}
