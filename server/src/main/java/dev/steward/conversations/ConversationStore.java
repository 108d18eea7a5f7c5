package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import dev.steward.base.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Rows of `conversation`.
final class ConversationStore {

    private final JdbcClient jdbc;
    private final InstantSource clock;

    ConversationStore(JdbcClient jdbc, InstantSource clock) {
        this.jdbc = requireNonNull(jdbc, "jdbc");
        this.clock = requireNonNull(clock, "clock");
    }

    void insert(UserId owner, ConversationId conversation, Optional<String> title, Optional<String> agent) {
        jdbc.sql("""
                        insert into conversation (id, owner, title, title_source, agent, created, updated)
                        values (:id, :owner, :title, :source, :agent, :now, :now)
                        on conflict (id) do nothing
                        """)
                .param("id", conversation.value())
                .param("owner", owner.value())
                .param("title", title.orElse("New conversation"))
                .param("source", title.isPresent() ? "person" : "none")
                .param("agent", agent.orElse(null))
                .param("now", now())
                .update();
    }

    Optional<Conversation> find(UserId owner, ConversationId conversation) {
        return jdbc.sql("""
                        select id, owner, title, agent, pinned, archived, created, updated
                          from conversation
                         where id = :id and owner = :owner and deleted_at is null
                        """)
                .param("id", conversation.value())
                .param("owner", owner.value())
                .query(ConversationStore::conversation)
                .optional();
    }

    /// Read along the index (owner, updated desc, id desc).
    List<Conversation> list(
            UserId owner,
            Optional<Boolean> pinned,
            Optional<Boolean> archived,
            Optional<Instant> updated,
            Optional<UUID> id,
            int limit) {
        return jdbc.sql("""
                        select id, owner, title, agent, pinned, archived, created, updated
                          from conversation
                         where owner = :owner and deleted_at is null
                           and (cast(:updated as timestamptz) is null
                                or (updated, id) < (cast(:updated as timestamptz), cast(:id as uuid)))
                           and (cast(:pinned as boolean) is null or pinned = cast(:pinned as boolean))
                           and (cast(:archived as boolean) is null or archived = cast(:archived as boolean))
                         order by updated desc, id desc
                         limit :limit
                        """)
                .param("owner", owner.value())
                .param("updated", updated.map(at -> at.atOffset(ZoneOffset.UTC)).orElse(null))
                .param("id", id.orElse(null))
                .param("pinned", pinned.orElse(null))
                .param("archived", archived.orElse(null))
                .param("limit", limit)
                .query(ConversationStore::conversation)
                .list();
    }

    /// Both indexes are asked for the words and the owner at once, so only own messages are looked at. Of each
    /// conversation the newest hit is kept.
    List<FoundConversation> search(
            UserId owner,
            SearchWords words,
            Optional<Boolean> pinned,
            Optional<Boolean> archived,
            Optional<Instant> updated,
            Optional<UUID> id,
            int limit) {
        return jdbc.sql("""
                        with said as materialized (
                            select distinct on (l.conversation_id) l.conversation_id, l.id
                              from conversation_log l
                             where l.owner = :owner and l.kind in ('user', 'assistant')
                               and steward_words(l.owner, l.content)
                                   @@ (to_tsquery('simple', :words) && cast(:ownerWord as tsquery))
                             order by l.conversation_id, l.created desc, l.id desc),
                        found as (
                            select conversation_id as id from said
                            union
                            select n.id from conversation n
                             where n.owner = :owner and n.deleted_at is null
                               and steward_words(n.owner, n.title)
                                   @@ (to_tsquery('simple', :words) && cast(:ownerWord as tsquery)))
                        select c.id, c.owner, c.title, c.agent, c.pinned, c.archived, c.created, c.updated,
                               l.turn_id, l.kind, l.content
                          from found
                          join conversation c on c.id = found.id
                          left join said on said.conversation_id = c.id
                          left join conversation_log l on l.id = said.id
                         where c.owner = :owner and c.deleted_at is null
                           and numnode(to_tsquery('simple', :words)) > 0
                           and (cast(:updated as timestamptz) is null
                                or (c.updated, c.id) < (cast(:updated as timestamptz), cast(:id as uuid)))
                           and (cast(:pinned as boolean) is null or c.pinned = cast(:pinned as boolean))
                           and (cast(:archived as boolean) is null or c.archived = cast(:archived as boolean))
                         order by c.updated desc, c.id desc
                         limit :limit
                        """)
                .param("owner", owner.value())
                .param("words", words.query())
                .param("ownerWord", SearchWords.query(owner))
                .param("updated", updated.map(at -> at.atOffset(ZoneOffset.UTC)).orElse(null))
                .param("id", id.orElse(null))
                .param("pinned", pinned.orElse(null))
                .param("archived", archived.orElse(null))
                .param("limit", limit)
                .query((row, index) -> new FoundConversation(conversation(row, index), hit(row, words)))
                .list();
    }

    private static Optional<FoundConversation.Hit> hit(ResultSet row, SearchWords words) throws SQLException {
        UUID turn = row.getObject("turn_id", UUID.class);
        if (turn == null) {
            return Optional.empty();
        }
        SearchWords.Excerpt excerpt = words.excerpt(row.getString("content"));
        return Optional.of(new FoundConversation.Hit(
                new TurnId(turn),
                row.getString("kind").equals("user"),
                excerpt.text(),
                excerpt.marks().stream()
                        .map(mark -> new FoundConversation.Span(mark.from(), mark.to()))
                        .toList()));
    }

    boolean change(UserId owner, ConversationId conversation, ConversationChange change) {
        return jdbc.sql("""
                        update conversation
                           set title = coalesce(cast(:title as text), title),
                               title_source = case when cast(:title as text) is null then title_source else 'person' end,
                               agent = coalesce(cast(:agent as text), agent),
                               pinned = coalesce(cast(:pinned as boolean), pinned),
                               archived = coalesce(cast(:archived as boolean), archived),
                               updated = :now
                         where id = :id and owner = :owner and deleted_at is null
                        """)
                        .param("id", conversation.value())
                        .param("owner", owner.value())
                        .param("title", change.title().orElse(null))
                        .param("agent", change.agent().orElse(null))
                        .param("pinned", change.pinned().orElse(null))
                        .param("archived", change.archived().orElse(null))
                        .param("now", now())
                        .update()
                == 1;
    }

    boolean delete(UserId owner, ConversationId conversation) {
        return jdbc.sql("""
                        update conversation set deleted_at = :now, updated = :now
                         where id = :id and owner = :owner and deleted_at is null
                        """)
                        .param("id", conversation.value())
                        .param("owner", owner.value())
                        .param("now", now())
                        .update()
                == 1;
    }

    boolean wantsTitle(UserId owner, ConversationId conversation) {
        return jdbc.sql("""
                        select exists (select 1 from conversation
                                        where id = :id and owner = :owner and title_source = 'message'
                                          and deleted_at is null)
                        """)
                .param("id", conversation.value())
                .param("owner", owner.value())
                .query(Boolean.class)
                .single();
    }

    /// A person's own title is never overwritten, and `updated` stays: nobody said anything.
    void improveTitle(UserId owner, ConversationId conversation, String title) {
        jdbc.sql("""
                        update conversation set title = :title, title_source = 'model'
                         where id = :id and owner = :owner and title_source = 'message'
                        """)
                .param("id", conversation.value())
                .param("owner", owner.value())
                .param("title", title)
                .update();
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static Conversation conversation(ResultSet row, int index) throws SQLException {
        return new Conversation(
                new ConversationId(row.getObject("id", UUID.class)),
                new UserId(row.getObject("owner", UUID.class)),
                row.getString("title"),
                Optional.ofNullable(row.getString("agent")),
                row.getBoolean("pinned"),
                row.getBoolean("archived"),
                row.getObject("created", OffsetDateTime.class).toInstant(),
                row.getObject("updated", OffsetDateTime.class).toInstant());
    }
}
