-- What attempts have told about their work. Owned by the room `tasks`. No reference to the task, so that removing old ones
-- does not look here for each; the janitor removes what has lost its task.
create table task_log (
    owner   uuid        not null,
    task    uuid        not null,
    attempt int         not null,
    place   int         not null,
    at      timestamptz not null,
    line    text        not null,
    primary key (owner, task, attempt, place)
);
