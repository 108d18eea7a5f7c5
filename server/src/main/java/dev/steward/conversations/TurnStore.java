package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import dev.steward.base.Cursor;
import dev.steward.base.IdSource;
import dev.steward.base.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Rows of `turn` and `turn_feedback`: accepting and reading. Writes of an attempt are in [TurnProgressStore].
final class TurnStore {

    private static final String COLUMNS = """
            t.id, t.conversation_id, t.owner, t.slot, t.parent, t.regenerates, t.task_id, t.agent_asked, t.model_asked, t.agent,
            t.model, t.status, t.failures, t.last_seq, t.message, t.answer, t.prompt_tokens, t.completion_tokens,
            t.finish_reason, t.problem, t.trace_id, t.created, t.updated, t.completed_at,
            (select r.id from turn r where r.regenerates = t.id order by r.id desc limit 1) as replaced_by,
            (select array_agg(s.id order by s.id) from turn s
              where s.owner = t.owner and s.conversation_id = t.conversation_id and s.slot = t.slot
                and s.parent is not distinct from t.parent and s.message = t.message) as answers,
            (select array_agg(w.newest order by w.oldest)
               from (select (array_agg(s.id order by s.id))[1] as oldest, (array_agg(s.id order by s.id desc))[1] as newest
                       from turn s
                      where s.owner = t.owner and s.conversation_id = t.conversation_id and s.slot = t.slot
                        and s.parent is not distinct from t.parent
                      group by s.message) w) as wordings,
            (select l.detail -> 'flags' from conversation_log l where l.turn_id = t.id and l.kind = 'user') as input_flags
            """;

    /// The way from the turn `:parent` back towards the beginning: places above `:after`, until `:limit` of them
    /// have an answer. `answered` is the turn with the answer: of the same words, as new as the turn itself or
    /// older.
    static final String PATH = """
            path as (
                select s.parent, s.slot, s.answered, case when s.answered is null then 0 else 1 end as found
                  from (select p.parent, p.slot, %1$s as answered from turn p where p.id = cast(:parent as uuid)) s
                 where s.slot > :after
                union all
                select s.parent, s.slot, s.answered, path.found + case when s.answered is null then 0 else 1 end
                  from path
                  join lateral (select p.parent, p.slot, %1$s as answered from turn p where p.id = path.parent) s on true
                 where path.found < :limit and s.slot > :after)
            """.formatted("""
            (select a.id from turn a
                          where a.owner = p.owner and a.conversation_id = p.conversation_id and a.slot = p.slot
                            and a.parent is not distinct from p.parent and a.message = p.message and a.id <= p.id
                            and (a.status = 'completed' or (a.status = 'cancelled' and a.answer <> ''))
                          order by a.id desc limit 1)
            """.strip());

    private final JdbcClient jdbc;
    private final IdSource ids;
    private final InstantSource clock;

    TurnStore(JdbcClient jdbc, IdSource ids, InstantSource clock) {
        this.jdbc = requireNonNull(jdbc, "jdbc");
        this.ids = requireNonNull(ids, "ids");
        this.clock = requireNonNull(clock, "clock");
    }

    /// What stands at the end of a conversation.
    ///
    /// @param turn the turn that was made last; empty: there is none yet
    /// @param slot its place; 0: there is none yet
    record Tip(Optional<TurnId> turn, int slot) {}

    /// Locks the conversation, so that its turns get their places one after the other; empty: there is none.
    Optional<Tip> lockConversation(UserId owner, ConversationId conversation) {
        return jdbc.sql("""
                        select c.tip, coalesce((select t.slot from turn t where t.id = c.tip), 0) as slot
                          from conversation c
                         where c.id = :conversation and c.owner = :owner and c.deleted_at is null
                           for update of c
                        """)
                .param("conversation", conversation.value())
                .param("owner", owner.value())
                .query((row, _) -> new Tip(
                        Optional.ofNullable(row.getObject("tip", UUID.class)).map(TurnId::new), row.getInt("slot")))
                .optional();
    }

    /// The end of the branch through this turn that was written to last; empty: no such turn in this conversation.
    Optional<TurnId> tipOf(UserId owner, ConversationId conversation, TurnId through) {
        return jdbc.sql("""
                        with recursive down as (
                            select id, slot from turn
                             where id = :through and owner = :owner and conversation_id = :conversation
                            union all
                            select c.id, c.slot
                              from down
                             cross join lateral (
                                   select n.id, n.slot from turn n
                                    where n.owner = :owner and n.conversation_id = :conversation
                                      and n.slot = down.slot + 1 and n.parent = down.id
                                    order by n.id desc
                                    limit 1) c)
                        select id from down order by slot desc limit 1
                        """)
                .param("through", through.value())
                .param("owner", owner.value())
                .param("conversation", conversation.value())
                .query((row, _) -> new TurnId(row.getObject("id", UUID.class)))
                .optional();
    }

    Optional<TurnId> tip(UserId owner, ConversationId conversation) {
        return jdbc.sql("select tip from conversation where id = :conversation and owner = :owner and tip is not null")
                .param("conversation", conversation.value())
                .param("owner", owner.value())
                .query((row, _) -> new TurnId(row.getObject("tip", UUID.class)))
                .optional();
    }

    int countUnfinished(UserId owner, ConversationId conversation) {
        return jdbc.sql("""
                        select count(*) from turn
                         where owner = :owner and conversation_id = :conversation and status in ('pending', 'running')
                        """)
                .param("owner", owner.value())
                .param("conversation", conversation.value())
                .query(Integer.class)
                .single();
    }

    /// Makes the turn and the log entry of the person's message. Needs the conversation's lock.
    ///
    /// @param parent the turn that it follows
    /// @return whether it is new; if not, the id is there already
    boolean insert(NewTurn turn, Optional<TurnId> parent, int slot) {
        return jdbc.sql("""
                        with place as (
                            update conversation set slots = greatest(slots, :slot), tip = :id, updated = :now
                             where id = :conversation
                               and not exists (select 1 from turn where id = :id)
                            returning id),
                        added as (
                            insert into turn (id, conversation_id, owner, slot, parent, regenerates, task_id,
                                              agent_asked, model_asked, message, trace_id, created, updated)
                            select :id, :conversation, :owner, :slot, cast(:parent as uuid),
                                   cast(:regenerates as uuid), :task, :agent, :model, :message, :trace, :now, :now
                              from place
                            on conflict (id) do nothing
                            returning id, owner, conversation_id, message, regenerates),
                        logged as (
                            insert into conversation_log (id, owner, conversation_id, turn_id, kind, speaker, content,
                                                          detail, created)
                            select :log, owner, conversation_id, id, 'user', 'user', message,
                                   jsonb_strip_nulls(jsonb_build_object('regenerates', regenerates,
                                                                        'flags', nullif(cast(:flags as jsonb), '[]'))),
                                   :now
                              from added)
                        select count(*) from added
                        """)
                        .param("id", turn.id().value())
                        .param("conversation", turn.conversation().value())
                        .param("owner", turn.owner().value())
                        .param("slot", slot)
                        .param("parent", parent.map(TurnId::value).orElse(null))
                        .param(
                                "regenerates",
                                turn.regenerates().map(TurnId::value).orElse(null))
                        .param("task", turn.task())
                        .param("agent", turn.agent().orElse(null))
                        .param("model", turn.model().orElse(null))
                        .param("message", turn.message())
                        .param("flags", turn.inputFlags())
                        .param("trace", turn.traceId())
                        .param("log", ids.next())
                        .param("now", now())
                        .query(Integer.class)
                        .single()
                == 1;
    }

    /// Makes a turn that is complete, its events and its log entry. Needs the conversation's lock.
    ///
    /// @return whether it is new
    boolean insertSaid(Turns.Saying saying, Tip tip, List<EventDraft> events) {
        return jdbc.sql("""
                        with place as (
                            update conversation set slots = greatest(slots, :slot), tip = :id, updated = :now
                             where id = :conversation and not exists (select 1 from turn where id = :id)
                            returning id),
                        added as (
                            insert into turn (id, conversation_id, owner, slot, parent, task_id, agent, status, last_seq,
                                              message, answer, finish_reason, trace_id, created, updated, completed_at)
                            select :id, :conversation, :owner, :slot, cast(:parent as uuid), :task, :agent, 'completed',
                                   cardinality(cast(:kinds as text[])), '', :text, 'stop', :trace, :now, :now, :now
                              from place
                            on conflict (id) do nothing
                            returning id, owner, conversation_id),
                        events as (
                            insert into turn_event (turn_id, seq, owner, kind, data, created)
                            select a.id, e.nth, a.owner, e.kind, cast(e.data as jsonb), :now
                              from added a
                             cross join unnest(cast(:kinds as text[]), cast(:datas as text[])) with ordinality
                                   as e (kind, data, nth)),
                        logged as (
                            insert into conversation_log (id, owner, conversation_id, turn_id, kind, speaker, content,
                                                          detail, created)
                            select :log, owner, conversation_id, id, 'assistant', :agent, :text, '{"whole": true}', :now
                              from added)
                        select count(*) from added
                        """)
                        .param("id", saying.id().value())
                        .param("conversation", saying.conversation().value())
                        .param("owner", saying.owner().value())
                        .param("slot", tip.slot() + 1)
                        .param("parent", tip.turn().map(TurnId::value).orElse(null))
                        .param("task", saying.task())
                        .param("agent", saying.agent())
                        .param("text", saying.text())
                        .param("trace", saying.traceId())
                        .param(
                                "kinds",
                                events.stream().map(e -> e.kind().wire()).toArray(String[]::new))
                        .param("datas", events.stream().map(EventDraft::data).toArray(String[]::new))
                        .param("log", ids.next())
                        .param("now", now())
                        .query(Integer.class)
                        .single()
                == 1;
    }

    /// Names the conversation after its first message, unless it has a title.
    void entitle(ConversationId conversation, String title) {
        jdbc.sql("""
                        update conversation set title = :title, title_source = 'message'
                         where id = :conversation and title_source = 'none'
                        """)
                .param("title", title)
                .param("conversation", conversation.value())
                .update();
    }

    Optional<Turn> find(UserId owner, TurnId turn) {
        return jdbc.sql("select " + COLUMNS + """
                        from turn t
                        join conversation c on c.id = t.conversation_id and c.deleted_at is null
                        where t.id = :id and t.owner = :owner
                        """)
                .param("id", turn.value())
                .param("owner", owner.value())
                .query(TurnStore::turn)
                .optional();
    }

    /// As [#find], for the attempt at work on it, also in a deleted conversation.
    Optional<Turn> findWithFence(TurnId turn, long fence) {
        return jdbc.sql("select " + COLUMNS + "from turn t where t.id = :id and t.fence = :fence")
                .param("id", turn.value())
                .param("fence", fence)
                .query(TurnStore::turn)
                .optional();
    }

    /// Locks the row against the attempt at work on it, in the caller's transaction.
    Optional<Turn> lock(TurnId turn) {
        return jdbc.sql("select " + COLUMNS + "from turn t where t.id = :id for update of t")
                .param("id", turn.value())
                .query(TurnStore::turn)
                .optional();
    }

    /// Read along the index (owner, conversation_id, slot, id).
    List<Turn> list(UserId owner, ConversationId conversation, boolean newestFirst, int slot, UUID after, int limit) {
        return jdbc.sql("select " + COLUMNS + """
                        from turn t
                        where t.owner = :owner and t.conversation_id = :conversation
                          and (t.slot, t.id) %1$s (:slot, :after)
                        order by t.slot %2$s, t.id %2$s
                        limit :limit
                        """.formatted(newestFirst ? "<" : ">", newestFirst ? "desc" : "asc"))
                .param("owner", owner.value())
                .param("conversation", conversation.value())
                .param("slot", slot)
                .param("after", after)
                .param("limit", limit)
                .query(TurnStore::turn)
                .list();
    }

    /// The branch that ends at `from`, the end first, along the primary key.
    List<Turn> branch(UserId owner, ConversationId conversation, TurnId from, int limit) {
        return jdbc.sql("""
                        with recursive path as (
                            select id, parent, 1 as length from turn
                             where id = :from and owner = :owner and conversation_id = :conversation
                            union all
                            select p.id, p.parent, path.length + 1
                              from path
                              join turn p on p.id = path.parent
                             where path.length < :limit)
                        select""" + " " + COLUMNS + """
                        from path
                        join turn t on t.id = path.id
                        order by t.slot desc
                        """)
                .param("from", from.value())
                .param("owner", owner.value())
                .param("conversation", conversation.value())
                .param("limit", limit)
                .query(TurnStore::turn)
                .list();
    }

    /// The answered turns that lead to `turn`, in order, along the primary key. Where the turn of a place has no
    /// answer, an older one that answers the same words there stands in for it.
    List<Turn> history(Turn turn, int afterSlot, int limit) {
        return jdbc.sql("with recursive " + PATH + "select " + COLUMNS + """
                        from path
                        join turn t on t.id = path.answered
                        order by t.slot desc
                        limit :limit
                        """)
                .param("parent", turn.parent().map(TurnId::value).orElse(null))
                .param("after", afterSlot)
                .param("limit", limit)
                .query(TurnStore::turn)
                .list()
                .reversed();
    }

    boolean hasUnfinishedBefore(Turn turn) {
        return jdbc.sql("""
                        select exists (select 1 from turn
                                        where owner = :owner and conversation_id = :conversation and slot < :slot
                                          and status in ('pending', 'running'))
                        """)
                .param("owner", turn.owner().value())
                .param("conversation", turn.conversation().value())
                .param("slot", turn.slot())
                .query(Boolean.class)
                .single();
    }

    Optional<Turn> firstUnfinishedAfter(Turn turn) {
        return jdbc.sql("select " + COLUMNS + """
                        from turn t
                        where t.owner = :owner and t.conversation_id = :conversation and t.slot > :slot
                          and t.status in ('pending', 'running')
                        order by t.slot, t.id
                        limit 1
                        """)
                .param("owner", turn.owner().value())
                .param("conversation", turn.conversation().value())
                .param("slot", turn.slot())
                .query(TurnStore::turn)
                .optional();
    }

    List<Turn> unfinished(Duration age, int limit) {
        return jdbc.sql("select " + COLUMNS + """
                        from turn t
                        where t.status in ('pending', 'running') and t.updated <= :before
                        order by t.created
                        limit :limit
                        """)
                .param("before", clock.instant().minus(age).atOffset(ZoneOffset.UTC))
                .param("limit", limit)
                .query(TurnStore::turn)
                .list();
    }

    List<UUID> unfinishedOf(ConversationId conversation) {
        return jdbc.sql("""
                        select id from turn
                         where conversation_id = :conversation and status in ('pending', 'running')
                        """)
                .param("conversation", conversation.value())
                .query((row, _) -> row.getObject("id", UUID.class))
                .list();
    }

    void rate(UserId owner, TurnId turn, int rating, String comment) {
        jdbc.sql("""
                        insert into turn_feedback (turn_id, owner, rating, comment, created, updated)
                        values (:turn, :owner, :rating, :comment, :now, :now)
                        on conflict (turn_id) do update
                           set rating = excluded.rating, comment = excluded.comment, updated = excluded.updated
                        """)
                .param("turn", turn.value())
                .param("owner", owner.value())
                .param("rating", rating)
                .param("comment", comment)
                .param("now", now())
                .update();
    }

    List<Turns.AgentFigures> figures(UserId owner) {
        return jdbc.sql("""
                        select agent, count(*) as turns,
                               count(*) filter (where status = 'completed') as completed,
                               count(*) filter (where status = 'failed') as failed,
                               sum(prompt_tokens) as prompt_tokens, sum(completion_tokens) as completion_tokens,
                               coalesce(avg(extract(epoch from completed_at - created))
                                            filter (where status = 'completed'), 0) as mean_seconds
                          from turn
                         where owner = :owner and agent is not null
                         group by agent
                        """)
                .param("owner", owner.value())
                .query((row, _) -> new Turns.AgentFigures(
                        row.getString("agent"),
                        row.getLong("turns"),
                        row.getLong("completed"),
                        row.getLong("failed"),
                        row.getLong("prompt_tokens"),
                        row.getLong("completion_tokens"),
                        Duration.ofMillis(Math.round(row.getDouble("mean_seconds") * 1000))))
                .list();
    }

    /// Where a list goes on.
    static Cursor cursor(Turn turn) {
        return new Cursor(Integer.toString(turn.slot()), turn.id().value());
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static Turn turn(ResultSet row, int index) throws SQLException {
        return new Turn(
                new TurnId(row.getObject("id", UUID.class)),
                new ConversationId(row.getObject("conversation_id", UUID.class)),
                new UserId(row.getObject("owner", UUID.class)),
                row.getInt("slot"),
                Optional.ofNullable(row.getObject("parent", UUID.class)).map(TurnId::new),
                ids(row, "answers"),
                ids(row, "wordings"),
                Optional.ofNullable(row.getObject("regenerates", UUID.class)).map(TurnId::new),
                Optional.ofNullable(row.getObject("replaced_by", UUID.class)).map(TurnId::new),
                row.getObject("task_id", UUID.class),
                text(row, "agent_asked"),
                text(row, "model_asked"),
                text(row, "agent"),
                text(row, "model"),
                TurnStatus.of(row.getString("status")),
                row.getInt("failures"),
                row.getLong("last_seq"),
                row.getString("message"),
                text(row, "input_flags").orElse("[]"),
                row.getString("answer"),
                row.getInt("prompt_tokens"),
                row.getInt("completion_tokens"),
                text(row, "finish_reason"),
                text(row, "problem"),
                row.getString("trace_id"),
                row.getObject("created", OffsetDateTime.class).toInstant(),
                row.getObject("updated", OffsetDateTime.class).toInstant(),
                instant(row.getObject("completed_at", OffsetDateTime.class)));
    }

    private static List<TurnId> ids(ResultSet row, String column) throws SQLException {
        return Stream.of((UUID[]) row.getArray(column).getArray())
                .map(TurnId::new)
                .toList();
    }

    private static Optional<String> text(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column));
    }

    private static Optional<Instant> instant(@Nullable OffsetDateTime at) {
        return Optional.ofNullable(at).map(OffsetDateTime::toInstant);
    }
}
