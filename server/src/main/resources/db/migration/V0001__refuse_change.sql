-- For tables that only ever grow: a trigger "before update or delete" with this function makes the database itself
-- refuse to change what was written. Privacy erasure sets steward.erasure to 'on' for its own transaction.
create function refuse_change() returns trigger language plpgsql as $$
begin
  if current_setting('steward.erasure', true) = 'on' then
    return case tg_op when 'DELETE' then old else new end;
  end if;
  raise exception 'rows of % are never changed or removed', tg_table_name using errcode = 'restrict_violation';
end $$;
