-- Owned by room models: model servers that an administrator connected while Steward ran, and orders of failover that
-- were set there. Those of steward.yaml are not in here. A handful of rows.
create table model_backend (
    name    text primary key check (length(name) between 1 and 40),
    -- The id of the request that made it: a repeat after a crash meets its own row.
    id      uuid not null unique,
    kind    text not null check (kind in ('OLLAMA', 'OPENAI')),
    url     text not null check (length(url) between 1 and 2000),
    -- Sealed with the key in the data directory, bound to the url; docs/decisions/0017.
    api_key bytea,
    privacy text not null check (privacy in ('LOCAL', 'REMOTE')),
    cost    text not null check (cost in ('FREE', 'PAID')),
    created timestamptz not null default now(),
    updated timestamptz not null default now()
);

create table model_chain (
    -- 'default', or the name of an agent.
    scope   text primary key check (length(scope) between 1 and 40),
    -- backend/model, first choice first.
    models  text[] not null check (cardinality(models) between 1 and 16),
    updated timestamptz not null default now()
);
