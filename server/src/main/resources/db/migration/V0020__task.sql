-- The durable queue. Owned by the room `tasks`; why it looks like this: docs/decisions/0005-task-queue.md.

create table task (
    -- The owner comes first in the key: one index serves a person's list, every fenced write and, one day, a shard.
    owner            uuid not null,
    id               uuid not null,
    created          timestamptz not null default now(),
    updated          timestamptz not null default now(),
    -- Not before this instant; the order of equal priorities.
    run_at           timestamptz not null default now(),
    deadline         timestamptz,
    started_at       timestamptz,
    completed_at     timestamptz,
    -- Leases are in the database's time only, so the clocks of workers don't matter.
    lease_until      timestamptz,
    worker           uuid,
    parent           uuid,
    -- Attempts begun. The number of the latest is its fence: every write that ends an attempt carries it.
    attempts         int not null default 0,
    -- Attempts that failed since the task was accepted or replayed; bounded by max_retries.
    retry_count      int not null default 0,
    max_retries      int not null,
    -- 0 pending, 1 running, 2 completed, 3 failed, 4 cancelled, 5 dead letter
    status           smallint not null default 0,
    -- 0 LOW, 1 MEDIUM, 2 HIGH, 3 CRITICAL
    priority         smallint not null,
    -- Workers lost while they ran it, since its last visible progress.
    crash_recoveries smallint not null default 0,
    replays          smallint not null default 0,
    cancel_requested boolean not null default false,
    progress         real not null default 0,
    type             text collate "C" not null,
    description      text not null default '',
    correlation      text,
    unique_key       text,
    error_code       text,
    error_message    text,
    -- Of a dead letter: why it became one, and what groups those of one cause.
    cause            text,
    fingerprint      text,
    input            jsonb not null,
    metadata         jsonb not null default '{}',
    result           jsonb,
    primary key (owner, id),
    check (status between 0 and 5),
    check (priority between 0 and 3)
) with (
    -- Room on each page for heartbeats and progress, which then touch no index.
    fillfactor = 70,
    -- A queue dies by dead rows: vacuum early and at full speed (measured: research of the decision above).
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_cost_delay = 0
);

-- The claim reads exactly the ready rows of one type and priority, oldest first. Rows that are done are not in it, so it
-- stays as small as the queue is.
create index task_ready on task (type, priority, run_at, id) where status = 0;

-- Leases to look after, and what a former worker left behind.
create index task_running on task (worker, id) where status = 1;

create index task_waiting_deadline on task (deadline) where status = 0 and deadline is not null;

create index task_dead_letter on task (completed_at, id) where status = 5;

-- One live task per key of an owner and type.
create unique index task_unique on task (owner, type, unique_key) where unique_key is not null and status in (0, 1);

-- Finished tasks by age, for the janitor. BRIN: a few pages however many rows, and nothing to maintain on the hot path.
create index task_created on task using brin (created);

-- Attempts that did not complete their task. The last attempt of a task that completed, runs or was cancelled is in the
-- task's own row, so a task that succeeds at once costs no second row.
create table task_attempt (
    owner         uuid not null,
    task          uuid not null,
    number        int not null,
    worker        uuid,
    started       timestamptz,
    ended         timestamptz not null default now(),
    -- failed, timed_out, lost, released, cancelled, deadline
    outcome       text not null,
    error_code    text,
    error_message text,
    primary key (owner, task, number, ended),
    foreign key (owner, task) references task on delete cascade
);

-- Who sent a dead letter back, why, and with which input it had failed.
create table task_replay (
    owner        uuid not null,
    task         uuid not null,
    number       smallint not null,
    at           timestamptz not null default now(),
    actor        uuid not null,
    reason       text not null,
    cause        text,
    input_before jsonb,
    primary key (owner, task, number),
    foreign key (owner, task) references task on delete cascade
);

-- Processes that run tasks. A process that starts on a home holds its lock, so every other one of that home is dead and
-- what it was running can be taken over at once.
create table worker (
    id      uuid primary key,
    home    text not null,
    started timestamptz not null default now(),
    seen    timestamptz not null default now(),
    stopped timestamptz
);

create index worker_home on worker (home) where stopped is null;
