-- Conversations and their turns. Owning room: conversations.
create table conversation (
    id           uuid        primary key,
    owner        uuid        not null,
    title        text        not null,
    -- who chose the title: nobody yet, the first message, a model, a person; a later one wins over an earlier one
    title_source text        not null default 'none' check (title_source in ('none', 'message', 'model', 'person')),
    agent        text,
    pinned       boolean     not null default false,
    archived     boolean     not null default false,
    -- the number of the newest turn; grows under the row's lock, so turns of one conversation are in one order
    slots        integer     not null default 0,
    created      timestamptz not null,
    updated      timestamptz not null,
    deleted_at   timestamptz
);

-- The list of one person's conversations, newest first.
create index conversation_by_owner on conversation (owner, updated desc, id desc) where deleted_at is null;

create table turn (
    id                uuid        primary key,
    conversation_id   uuid        not null references conversation (id),
    owner             uuid        not null,
    -- place in the conversation, from 1; a turn that replaces another has the same place
    slot              integer     not null,
    regenerates       uuid        references turn (id),
    task_id           uuid        not null,
    agent_asked       text,
    model_asked       text,
    agent             text,
    model             text,
    status            text        not null default 'pending'
                      check (status in ('pending', 'running', 'completed', 'failed', 'cancelled')),
    -- number of the attempt that may write; a write with another number changes nothing
    fence             bigint      not null default 0,
    -- attempts that failed, not counting waits for a model
    failures          integer     not null default 0,
    -- id of the newest event; ids have no gaps
    last_seq          bigint      not null default 0,
    message           text        not null,
    answer            text        not null default '',
    prompt_tokens     integer     not null default 0,
    completion_tokens integer     not null default 0,
    finish_reason     text,
    problem           jsonb,
    trace_id          text        not null,
    created           timestamptz not null,
    updated           timestamptz not null,
    completed_at      timestamptz
) with (fillfactor = 80); -- last_seq and updated change with every batch of events: room for HOT updates; never index them

-- The turns of a conversation in order; also finds the history of a turn and the unfinished ones before it.
create index turn_by_conversation on turn (owner, conversation_id, slot, id);
-- What replaced a turn.
create index turn_by_regenerated on turn (regenerates) where regenerates is not null;
-- Turns that wait or run: few. Serves the look for turns whose task is gone, and those that wait for a model.
create index turn_unfinished on turn (created) where status in ('pending', 'running');

create table turn_feedback (
    turn_id uuid        primary key references turn (id),
    owner   uuid        not null,
    rating  smallint    not null check (rating in (-1, 1)),
    comment text        not null,
    created timestamptz not null,
    updated timestamptz not null
);
create index turn_feedback_by_owner on turn_feedback (owner, turn_id);
