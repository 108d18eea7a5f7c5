package dev.steward.conversations;

import static java.util.Objects.requireNonNull;

import dev.steward.base.IdSource;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What happens to a turn after it was accepted. Each change is one statement that moves the turn's row first, and
/// writes events and log entries from the row that moved: a writer that lost the turn moves no row, so it writes
/// nothing, and two writers can never give the same number to two events.
final class TurnProgressStore {

    private static final String BY_ATTEMPT = "id = :turn and fence = :fence and status = 'running'";
    private static final String BY_ANYONE = "id = :turn and status in ('pending', 'running')";

    private static final String WRITES = """
            , events as (
                insert into turn_event (turn_id, seq, owner, kind, data, created)
                select m.id, m.last_seq - cardinality(cast(:kinds as text[])) + e.nth, m.owner, e.kind,
                       cast(e.data as jsonb), :now
                  from moved m
                 cross join unnest(cast(:kinds as text[]), cast(:datas as text[])) with ordinality
                       as e (kind, data, nth)),
            lines as (
                insert into conversation_log (id, owner, conversation_id, turn_id, kind, speaker, content, detail,
                                              created)
                select cast(l.id as uuid), m.owner, m.conversation_id, m.id, l.kind, l.speaker, l.content,
                       cast(l.detail as jsonb), :now
                  from moved m
                 cross join unnest(cast(:ids as text[]), cast(:lineKinds as text[]), cast(:speakers as text[]),
                                   cast(:contents as text[]), cast(:details as text[]))
                       as l (id, kind, speaker, content, detail))
            """;

    private static final String TOUCH = """
            , touched as (
                update conversation set updated = :now where id = (select conversation_id from moved))
            """;

    private final JdbcClient jdbc;
    private final IdSource ids;
    private final InstantSource clock;

    TurnProgressStore(JdbcClient jdbc, IdSource ids, InstantSource clock) {
        this.jdbc = requireNonNull(jdbc, "jdbc");
        this.ids = requireNonNull(ids, "ids");
        this.clock = requireNonNull(clock, "clock");
    }

    /// Gives the turn to an attempt with a higher fencing number than any before. Its first event, `started`, is
    /// written by whoever comes first.
    boolean start(TurnId turn, long fence) {
        return jdbc.sql("""
                        with moved as (
                            update turn
                               set status = 'running', fence = :fence, last_seq = greatest(last_seq, 1), updated = :now
                             where id = :turn and fence < :fence and status in ('pending', 'running')
                            returning id, owner, last_seq),
                        first as (
                            insert into turn_event (turn_id, seq, owner, kind, data, created)
                            select id, 1, owner, 'started', '{}', :now from moved where last_seq = 1
                            on conflict (turn_id, seq) do nothing)
                        select count(*) from moved
                        """)
                        .param("turn", turn.value())
                        .param("fence", fence)
                        .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                        .query(Integer.class)
                        .single()
                == 1;
    }

    /// Each of these gives the number of the last event written; empty: the turn is not this attempt's any more.
    OptionalLong append(TurnId turn, long fence, List<EventDraft> events) {
        return write(BY_ATTEMPT, "", "", turn, events, List.of(), Map.of("fence", fence));
    }

    OptionalLong log(TurnId turn, long fence, List<Turns.LogLine> lines) {
        return write(BY_ATTEMPT, "", "", turn, List.of(), lines, Map.of("fence", fence));
    }

    OptionalLong assign(TurnId turn, long fence, String agent, List<EventDraft> events, List<Turns.LogLine> lines) {
        return write(BY_ATTEMPT, "agent = :agent,", "", turn, events, lines, Map.of("fence", fence, "agent", agent));
    }

    OptionalLong release(TurnId turn, long fence, boolean failed, List<EventDraft> events) {
        return write(
                BY_ATTEMPT,
                "status = 'pending', failures = failures + :failed,",
                "",
                turn,
                events,
                List.of(),
                Map.of("fence", fence, "failed", failed ? 1 : 0));
    }

    OptionalLong complete(TurnId turn, long fence, Turns.Completion done, List<EventDraft> events, Turns.LogLine line) {
        return write(
                BY_ATTEMPT,
                """
                status = 'completed', answer = :answer, model = :model, prompt_tokens = :promptTokens,
                completion_tokens = :completionTokens, finish_reason = :finish, completed_at = :now,
                """,
                TOUCH,
                turn,
                events,
                List.of(line),
                Map.of(
                        "fence", fence,
                        "answer", done.answer(),
                        "model", done.model(),
                        "promptTokens", done.promptTokens(),
                        "completionTokens", done.completionTokens(),
                        "finish", done.finishReason()));
    }

    OptionalLong fail(
            TurnId turn,
            long fence,
            String answer,
            String problem,
            List<EventDraft> events,
            List<Turns.LogLine> lines) {
        return write(
                BY_ATTEMPT,
                """
                status = 'failed', answer = :answer, problem = cast(:problem as jsonb), completed_at = :now,
                """,
                TOUCH,
                turn,
                events,
                lines,
                Map.of("fence", fence, "answer", answer, "problem", problem));
    }

    /// Ends a turn whatever attempt has it. The caller holds the row's lock, so that `answer` is what was said.
    OptionalLong end(
            TurnId turn,
            TurnStatus status,
            String answer,
            @Nullable String problem,
            EventDraft event,
            List<Turns.LogLine> lines) {
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("status", status.wire());
        values.put("answer", answer);
        values.put("problem", problem);
        return write(
                BY_ANYONE,
                "status = :status, answer = :answer, problem = cast(:problem as jsonb), completed_at = :now,",
                TOUCH,
                turn,
                List.of(event),
                lines,
                values);
    }

    private OptionalLong write(
            String condition,
            String change,
            String alsoWrite,
            TurnId turn,
            List<EventDraft> events,
            List<Turns.LogLine> lines,
            Map<String, ? extends @Nullable Object> values) {
        String move = "with moved as (update turn set " + change
                + " last_seq = last_seq + cardinality(cast(:kinds as text[])), updated = :now where " + condition
                + " returning id, owner, conversation_id, last_seq)";
        var lastSeq = jdbc.sql(move + WRITES + alsoWrite + "select last_seq from moved")
                .params(values)
                .param("turn", turn.value())
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .param("kinds", events.stream().map(e -> e.kind().wire()).toArray(String[]::new))
                .param("datas", events.stream().map(EventDraft::data).toArray(String[]::new))
                .param("ids", lines.stream().map(_ -> ids.next().toString()).toArray(String[]::new))
                .param("lineKinds", lines.stream().map(l -> l.kind().wire()).toArray(String[]::new))
                .param("speakers", lines.stream().map(Turns.LogLine::speaker).toArray(String[]::new))
                .param("contents", lines.stream().map(Turns.LogLine::content).toArray(String[]::new))
                .param("details", lines.stream().map(Turns.LogLine::detail).toArray(String[]::new))
                .query(Long.class)
                .optional();
        return lastSeq.isPresent() ? OptionalLong.of(lastSeq.get()) : OptionalLong.empty();
    }
}
