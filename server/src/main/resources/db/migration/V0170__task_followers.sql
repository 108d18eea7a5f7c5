-- What follows a task is listed for people long after its edges are over (`GET /tasks?after=…`). An index of its own beside
-- the one of open edges: over both, the engine's look for open edges could no longer be planned by that one alone, and it
-- would pay for what is over.
create index task_edge_closed on task_edge (owner, predecessor, follower) where not open;
