-- Owned by the room web. One row per Idempotency-Key of a caller, for 24 hours.
create table idempotency_key (
    owner       uuid        not null,
    key_hash    bytea       not null check (octet_length(key_hash) = 32),
    route       text        not null,
    body_hash   bytea       not null check (octet_length(body_hash) = 32),
    resource_id uuid        not null,
    answer      bytea,
    created     timestamptz not null default now(),
    primary key (owner, key_hash)
);

comment on column idempotency_key.answer is
    'the answer, sealed with a key derived from the Idempotency-Key itself; null until there is one';

-- The cleaner deletes the oldest first.
create index idempotency_key_created on idempotency_key (created);
