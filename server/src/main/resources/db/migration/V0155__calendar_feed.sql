-- A person's calendar as other programs may read it. Owned by the room schedules; why it looks like this:
-- docs/decisions/0024-calendars.md.
create table calendar_feed (
    owner   uuid primary key references account on delete cascade,
    -- SHA-256 of the token in its address; the token itself is nowhere.
    token   bytea not null unique,
    created timestamptz not null default now(),
    -- When it was read last, to the hour.
    read_at timestamptz
);
