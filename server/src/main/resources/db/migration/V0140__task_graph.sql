-- Tasks that follow others. Owned by the room `tasks`; why it looks like this: docs/decisions/0021-task-graphs.md.

-- 6: waits for other tasks. A status of its own, so that nothing which looks for ready tasks (status 0) ever meets one.
-- On the wire it is `pending`.
alter table task drop constraint task_status_check;
alter table task add constraint task_status_check check (status between 0 and 6) not valid;
alter table task validate constraint task_status_check;

-- Whether another task has ever been made to follow this one. Where it is false, an ending costs what it always did.
alter table task add column followed boolean not null default false;

drop index task_unique;
create unique index task_unique on task (owner, type, unique_key)
    where unique_key is not null and status in (0, 1, 6);

create index task_held_deadline on task (deadline) where status = 6 and deadline is not null;

-- "follower runs after predecessor". Edges stay when they are over: they tell what a task has waited for.
create table task_edge (
    owner       uuid     not null,
    follower    uuid     not null,
    predecessor uuid     not null,
    -- What becomes of the follower when the predecessor is not completed: 0 wait, 1 cancel, 2 run.
    if_failed   smallint not null check (if_failed between 0 and 2),
    -- The follower still waits for it. Changed only under the owner's lock (decision 0021).
    open        boolean  not null,
    primary key (owner, follower, predecessor)
    -- No reference to the tasks: removing old ones would look here for each. The janitor removes what has lost its
    -- follower; a predecessor may go when its time is over, and what it was remains known.
);

-- Who waits for this one? Does this one wait for anybody? Edges that are over are in neither.
create index task_edge_predecessor on task_edge (owner, predecessor, follower) where open;
create index task_edge_follower on task_edge (owner, follower) where open;

-- Counts what waits for others.
create index task_held on task (owner, id) where status = 6;
