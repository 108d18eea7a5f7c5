// One chunk for the pages that operators use.
export { StatusPage } from '../features/status/status-page';
export { AgentsPage } from '../features/models/agents-page';
export { ModelsPage } from '../features/models/models-page';
export { DeadLettersPage } from '../features/tasks/dead-letters-page';
export { TaskPage } from '../features/tasks/task-page';
export { TasksPage } from '../features/tasks/tasks-page';
export { UsersPage } from '../features/users/users-page';
