// One chunk for the pages that operators use.
export { StatusPage } from '../features/status/status-page';
export { AgentPage } from '../features/models/agent-page';
export { AgentsPage } from '../features/models/agents-page';
export { ModelsPage } from '../features/models/models-page';
export { WelcomePage } from '../features/models/welcome-page';
export { DeadLettersPage } from '../features/tasks/dead-letters-page';
export { BatchPage } from '../features/tasks/batch-page';
export { TaskPage } from '../features/tasks/task-page';
export { TasksPage } from '../features/tasks/tasks-page';
export { UserPage } from '../features/users/user-page';
export { UsersPage } from '../features/users/users-page';
