-- Batches: tasks that were accepted together. Owned by the room `tasks`; why: docs/decisions/0021-task-graphs.md.

create table task_batch (
    owner       uuid        not null,
    id          uuid        not null,
    created     timestamptz not null default now(),
    description text        not null,
    -- Tasks in it, without the final one.
    size        int         not null,
    -- Follows all the others; its input tells how they ended.
    final_task  uuid,
    -- Somebody took all of it back.
    cancelled   boolean     not null default false,
    primary key (owner, id)
);

create index task_batch_final on task_batch (owner, final_task) where final_task is not null;

-- A table of its own, so that tasks outside of batches carry nothing of it. No references: the janitor removes what has lost
-- its task.
create table task_batch_member (
    owner uuid not null,
    batch uuid not null,
    place int  not null,
    task  uuid not null,
    name  text not null,
    primary key (owner, batch, place)
);

create index task_batch_member_task on task_batch_member (owner, task);
