-- The list of a task's subtasks. Tasks without a parent, nearly all, carry nothing of it.
create index task_parent on task (owner, parent, id) where parent is not null;
