-- The order of waiting tasks, and the limits of their types. Owned by the room `tasks`; why: docs/internals/tasks.md.

-- What the claim goes by, highest first: four times the priority, and 3 to 0 by how much its owner had waiting already.
-- Ageing lifts it to 15; `priority` stays what the owner asked for.
alter table task add column level smallint not null default 7;
-- Names what a limit per key counts, such as the host that is called; null for types without one.
alter table task add column limit_key text;
update task set level = priority * 4 + 3 where status in (0, 1, 5);
alter table task add check (level between 0 and 15);

drop index task_ready;
create index task_ready on task (type, level, run_at, id) where status = 0;

-- Only types with a limit per key have rows here.
create index task_ready_by_key on task (type, limit_key, level desc, run_at) where status = 0 and limit_key is not null;

-- What all processes share about a type. A row is made when there is something to remember. The row is locked while
-- tasks of a limited type are claimed, so limits hold for all processes together.
create table task_type (
    type         text collate "C" primary key,
    paused_at    timestamptz,
    paused_by    uuid,
    pause_reason text,
    -- Token bucket of the limit of starts per second.
    tokens       double precision,
    tokens_at    timestamptz
);

-- Who paused and resumed what, and why. '*' is every type.
create table task_type_change (
    id     bigint generated always as identity primary key,
    type   text collate "C" not null,
    action text not null check (action in ('pause', 'resume')),
    actor  uuid not null,
    at     timestamptz not null default now(),
    reason text not null
);
