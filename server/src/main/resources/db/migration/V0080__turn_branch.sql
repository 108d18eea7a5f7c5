-- A conversation branches where a message is changed or answered anew. Owning room: conversations.
-- parent: the turn that this one follows; null: it begins the conversation. Turns with one parent stand in one place, and
-- each begins a branch of its own. Children are found by (owner, conversation_id, slot): a child's slot is one more.
alter table turn add column parent uuid references turn (id);
-- The turn that was made last: the end of the newest branch. No foreign key: the turn's own points back here.
alter table conversation add column tip uuid;

-- So far each turn followed whatever answered last in the place before.
update turn t
   set parent = (select p.id from turn p
                  where p.owner = t.owner and p.conversation_id = t.conversation_id and p.slot < t.slot
                  order by p.slot desc, p.id desc
                  limit 1)
 where t.slot > 1;

update conversation c
   set tip = (select t.id from turn t
               where t.owner = c.owner and t.conversation_id = c.id
               order by t.slot desc, t.id desc
               limit 1);
