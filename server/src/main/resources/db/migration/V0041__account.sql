-- Owned by the room identity.
create table account (
    id           uuid        primary key,
    -- normalised: NFC, lower case, the domain in ASCII
    email        text        not null,
    display_name text        not null,
    -- Argon2id in PHC form
    password     text        not null,
    role         text        not null check (role in ('viewer', 'user', 'operator', 'admin')),
    active       boolean     not null default true,
    created      timestamptz not null default now(),
    updated      timestamptz not null default now(),
    constraint account_email_once unique (email)
);

-- The list of accounts is read newest first.
create index account_created on account (created, id);

-- One sign-in of one client, until it is signed out or its absolute end; the family of its refresh tokens.
create table session (
    id        uuid        primary key,
    owner     uuid        not null references account on delete cascade,
    client    text        not null,
    address   text        not null,
    created   timestamptz not null default now(),
    last_used timestamptz not null default now(),
    expires   timestamptz not null,
    revoked   timestamptz
);

-- One's own sessions, newest first; also what deleting an account looks for.
create index session_owner on session (owner, created desc, id);

-- The cleaner deletes by age.
create index session_expires on session (expires);

-- Each token is used once and gives the next one.
create table refresh_token (
    hash    bytea       primary key check (octet_length(hash) = 32),
    session uuid        not null references session on delete cascade,
    child   bytea,
    created timestamptz not null default now(),
    used    timestamptz
);

create index refresh_token_session on refresh_token (session);

create table api_key (
    id        uuid        primary key,
    owner     uuid        not null references account on delete cascade,
    name      text        not null,
    -- the part of the key that finds it; not secret
    handle    text        not null,
    hash      bytea       not null check (octet_length(hash) = 32),
    scopes    text[]      not null,
    created   timestamptz not null default now(),
    expires   timestamptz,
    last_used timestamptz,
    constraint api_key_handle_once unique (handle)
);

create index api_key_owner on api_key (owner, created desc, id);

-- What signs access tokens and derives refresh and CSRF tokens; made on the first start.
create table auth_key (
    id          smallint    primary key check (id = 1),
    signing_jwk text        not null,
    mac_key     bytea       not null check (octet_length(mac_key) = 32),
    created     timestamptz not null default now()
);
