-- Schedules: what runs again and again, or once at a set time. Owned by the room `schedules`; why it looks like this:
-- docs/decisions/0014-schedules.md.

create table schedule (
    id              uuid        primary key,
    owner           uuid        not null references account on delete cascade,
    -- The task that each run makes.
    type            text        not null,
    priority        smallint    not null check (priority between 0 and 3),
    description     text        not null,
    input           jsonb       not null,
    max_retries     int         not null,
    -- When: a rule over local time on a wall in `time_zone`.
    kind            text        not null check (kind in ('once', 'cron', 'rrule')),
    -- The rule; empty for 'once'.
    expression      text        not null,
    starts          timestamp   not null,
    except_times    timestamp[] not null default '{}',
    time_zone       text        not null,
    -- What becomes of runs whose time passed while nothing ran.
    missed          text        not null check (missed in ('skip', 'run_once', 'run_all')),
    missed_max      int         not null,
    missed_count    bigint      not null default 0,
    -- A run has to be over so long after its time.
    expected_within_ms bigint   not null,
    paused          boolean     not null default false,
    -- Why Steward itself has paused it.
    problem         text,
    -- The next run that has no task yet; empty: there is none.
    next_at         timestamptz,
    -- The overdue next_at that the watchdog has told about.
    told            timestamptz,
    -- The UID it came with from a calendar.
    uid             text,
    created         timestamptz not null default now(),
    updated         timestamptz not null default now()
);

-- What the driver and the watchdog read: soonest first.
create index schedule_due on schedule (next_at) where next_at is not null and not paused;

create index schedule_owner on schedule (owner, created desc, id desc);

-- The same calendar imported twice gives the same schedules.
create unique index schedule_uid on schedule (owner, uid) where uid is not null;

-- One run of a schedule. Its key is what makes every occurrence fire once, on any number of nodes.
create table schedule_run (
    schedule    uuid        not null references schedule on delete cascade,
    occurrence  timestamptz not null,
    owner       uuid        not null,
    task        uuid        not null,
    created     timestamptz not null default now(),
    expected_by timestamptz not null,
    -- completed, nothing (ran and produced nothing), failed, cancelled; empty: not over yet
    outcome     text,
    -- When the watchdog told that it did not run in time.
    told        timestamptz,
    primary key (schedule, occurrence)
);

create index schedule_run_task on schedule_run (owner, task);

create index schedule_run_open on schedule_run (occurrence) where outcome is null;

-- The conversation that a person's reminders go into.
create table reminder_conversation (
    owner        uuid primary key references account on delete cascade,
    conversation uuid not null
);
