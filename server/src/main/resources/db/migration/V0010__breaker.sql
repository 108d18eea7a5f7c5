-- Owned by room resilience: what circuit breakers knew before a restart. One row for each breaker that ever changed
-- its state; a few hundred rows at most, written in the background.
create table breaker (
    name          text primary key check (length(name) between 1 and 200),
    state         text not null check (state in ('CLOSED', 'OPEN', 'HALF_OPEN')),
    failure_count integer not null check (failure_count >= 0),
    last_failure  timestamptz,
    -- When a probe may go, by the wall clock; only while open.
    open_until    timestamptz,
    updated       timestamptz not null default clock_timestamp(),
    check (state = 'OPEN' or open_until is null)
);
