-- The language that a person wants to be spoken to when they asked nothing, such as 'de'; empty: nobody said.
-- Owned by the room identity.
alter table account add column language text;
