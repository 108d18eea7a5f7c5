-- The person's own time zone, an IANA name; empty: the installation's. Owned by the room identity.
alter table account add column time_zone text;
