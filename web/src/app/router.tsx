import { type AsyncRouteComponent, createRootRoute, createRoute, createRouter, lazyRouteComponent, notFound } from '@tanstack/react-router';
import { fetchConversation } from '../features/chat/queries';
import { Broken } from './broken';
import { NotFound } from './not-found';
import { client } from './query-client';
import { Shell } from './shell';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const chat = () => import('../features/chat/chat-page');
const operator = () => import('./operator-pages');

/** Text of the address bar's search part that a page may use; anything else is dropped. */
function filters(search: Record<string, unknown>): { status?: string; type?: string } {
  const { status, type } = search;
  return { ...(typeof status === 'string' && { status }), ...(typeof type === 'string' && { type }) };
}

/** The turn to show, where a search or a link names one. */
function place(search: Record<string, unknown>): { turn?: string } {
  return typeof search['turn'] === 'string' ? { turn: search['turn'] } : {};
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** An address with what can't be an id is like any other at which there is nothing. */
function beforeLoad({ params }: { params: { id: string } }) {
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- this is how the router is told
  if (!UUID.test(params.id)) throw notFound();
}

const routes = [
  createRoute({ getParentRoute: () => root, path: '/', component: lazyRouteComponent(chat, 'NewChatPage') }),
  createRoute({ getParentRoute: () => root, path: '/c/$id', beforeLoad, validateSearch: place, loader: ({ params }) => fetchConversation(client, params.id), component: lazyRouteComponent(chat, 'ChatPage') }),
  createRoute({ getParentRoute: () => root, path: '/settings', component: lazyRouteComponent(() => import('../features/settings/settings-page'), 'SettingsPage') }),
  createRoute({ getParentRoute: () => root, path: '/status', component: lazyRouteComponent(operator, 'StatusPage') }),
  createRoute({ getParentRoute: () => root, path: '/models', component: lazyRouteComponent(operator, 'ModelsPage') }),
  createRoute({ getParentRoute: () => root, path: '/welcome', component: lazyRouteComponent(operator, 'WelcomePage') }),
  createRoute({ getParentRoute: () => root, path: '/agents', component: lazyRouteComponent(operator, 'AgentsPage') }),
  createRoute({ getParentRoute: () => root, path: '/agents/$name', component: lazyRouteComponent(operator, 'AgentPage') }),
  createRoute({ getParentRoute: () => root, path: '/tasks', validateSearch: filters, component: lazyRouteComponent(operator, 'TasksPage') }),
  createRoute({ getParentRoute: () => root, path: '/tasks/$id', beforeLoad, component: lazyRouteComponent(operator, 'TaskPage') }),
  createRoute({ getParentRoute: () => root, path: '/batches/$id', beforeLoad, component: lazyRouteComponent(operator, 'BatchPage') }),
  createRoute({ getParentRoute: () => root, path: '/dead-letters', component: lazyRouteComponent(operator, 'DeadLettersPage') }),
  createRoute({ getParentRoute: () => root, path: '/schedules', component: lazyRouteComponent(() => import('../features/schedules/schedules-page'), 'SchedulesPage') }),
  createRoute({ getParentRoute: () => root, path: '/users/$id', beforeLoad, component: lazyRouteComponent(operator, 'UserPage') }),
  createRoute({ getParentRoute: () => root, path: '/users', component: lazyRouteComponent(operator, 'UsersPage') }),
];

export const router = createRouter({ routeTree: root.addChildren(routes), defaultPreload: 'intent', defaultErrorComponent: Broken });

// The page of the address is fetched while it is asked who is there.
const [here] = router.getMatchedRoutes(window.location.pathname);
for (const { options } of here) void (options.component as Partial<AsyncRouteComponent<object>> | undefined)?.preload?.();

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
