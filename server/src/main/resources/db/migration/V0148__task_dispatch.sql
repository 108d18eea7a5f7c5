-- Names this database's tasks in a Redis that it may share with others (docs/decisions/0023-redis-dispatch.md). One row.
create table task_dispatch (
    one boolean primary key default true check (one),
    id  uuid not null default gen_random_uuid()
);

insert into task_dispatch default values;
