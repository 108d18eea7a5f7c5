package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import dev.steward.base.IdSource;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Reads `conversation_log`, and adds summaries to it. Other entries are written with the turn they belong to.
final class LogStore {

    private final JdbcClient jdbc;
    private final IdSource ids;
    private final InstantSource clock;

    LogStore(JdbcClient jdbc, IdSource ids, InstantSource clock) {
        this.jdbc = requireNonNull(jdbc, "jdbc");
        this.ids = requireNonNull(ids, "ids");
        this.clock = requireNonNull(clock, "clock");
    }

    List<LogEntry> ofTurn(Turn turn) {
        return jdbc.sql("""
                        select turn_id, kind, speaker, content, detail, created
                          from conversation_log
                         where owner = :owner and conversation_id = :conversation and turn_id = :turn
                         order by created, id
                        """)
                .param("owner", turn.owner().value())
                .param("conversation", turn.conversation().value())
                .param("turn", turn.id().value())
                .query((row, _) -> new LogEntry(
                        new TurnId(row.getObject("turn_id", UUID.class)),
                        LogEntry.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                        row.getString("speaker"),
                        row.getString("content"),
                        row.getString("detail"),
                        row.getObject("created", OffsetDateTime.class).toInstant()))
                .list();
    }

    /// Only a summary of what leads to `before`: one of another branch tells what was never said in this one.
    Optional<Summary> newestSummary(Turn before) {
        return jdbc.sql("with recursive " + TurnStore.PATH + """
                        select l.turn_id, path.slot, l.content
                          from path
                          join conversation_log l on l.turn_id = path.answered and l.kind = 'summary'
                         order by path.slot desc
                         limit 1
                        """)
                .param("parent", before.parent().map(TurnId::value).orElse(null))
                // Nothing is older than the oldest summary.
                .param("after", oldestSummary(before) - 1)
                .param("limit", Integer.MAX_VALUE)
                .query((row, _) -> new Summary(
                        new TurnId(row.getObject("turn_id", UUID.class)), row.getInt("slot"), row.getString("content")))
                .optional();
    }

    /// The first place of a conversation that a summary ends at; without one, a place that there can't be.
    private int oldestSummary(Turn of) {
        return jdbc.sql("""
                        select coalesce(min(t.slot), :none)
                          from conversation_log l
                          join turn t on t.id = l.turn_id
                         where l.owner = :owner and l.conversation_id = :conversation and l.kind = 'summary'
                        """)
                .param("owner", of.owner().value())
                .param("conversation", of.conversation().value())
                .param("none", Integer.MAX_VALUE)
                .query(Integer.class)
                .single();
    }

    boolean addSummary(Turn upTo, String agent, String text) {
        return jdbc.sql("""
                        insert into conversation_log (id, owner, conversation_id, turn_id, kind, speaker, content,
                                                      created)
                        values (:id, :owner, :conversation, :turn, 'summary', :agent, :text, :now)
                        on conflict (turn_id, kind) where kind in ('user', 'assistant', 'summary') do nothing
                        """)
                        .param("id", ids.next())
                        .param("owner", upTo.owner().value())
                        .param("conversation", upTo.conversation().value())
                        .param("turn", upTo.id().value())
                        .param("agent", agent)
                        .param("text", text)
                        .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                        .update()
                == 1;
    }
}
