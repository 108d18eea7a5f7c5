-- The log of what was said, and the events of each turn: both only ever grow. Owning room: conversations.
create table conversation_log (
    id              uuid        primary key,
    owner           uuid        not null,
    conversation_id uuid        not null references conversation (id),
    turn_id         uuid        not null references turn (id),
    -- user: a person's message; assistant: an answer, whole, stopped or broken off (see detail);
    -- agent: a message between agents; hand_over: one agent gave the turn to another; summary: of everything up to turn_id
    kind            text        not null check (kind in ('user', 'assistant', 'agent', 'hand_over', 'summary')),
    speaker         text        not null,
    content         text        not null,
    detail          jsonb       not null default '{}',
    created         timestamptz not null
);
create index conversation_log_by_owner on conversation_log (owner, conversation_id, created, id);
-- What a turn said exists once, however often its writer tries.
create unique index conversation_log_once on conversation_log (turn_id, kind)
    where kind in ('user', 'assistant', 'summary');

-- No foreign key to turn: the statement that writes events updates their turn, and the check would lock it again for
-- every batch.
create table turn_event (
    turn_id uuid        not null,
    seq     bigint      not null check (seq > 0),
    owner   uuid        not null,
    kind    text        not null,
    data    jsonb       not null,
    created timestamptz not null,
    primary key (turn_id, seq)
);

-- Rows of the log and of the events can be removed by privacy erasure alone, which sets steward.erasure to 'on' for its
-- transaction.
create function steward_append_only() returns trigger language plpgsql as $$
begin
    if current_setting('steward.erasure', true) = 'on' then
        return coalesce(new, old);
    end if;
    raise exception '% is append-only: % is refused', tg_table_name, tg_op using errcode = 'restrict_violation';
end;
$$;

create trigger conversation_log_rows before update or delete on conversation_log
    for each row execute function steward_append_only();
create trigger conversation_log_truncate before truncate on conversation_log
    for each statement execute function steward_append_only();
create trigger turn_event_rows before update or delete on turn_event
    for each row execute function steward_append_only();
create trigger turn_event_truncate before truncate on turn_event
    for each statement execute function steward_append_only();
