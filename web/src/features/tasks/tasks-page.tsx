import { Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Loaded } from '../../components/loaded';
import { Page } from '../../components/page';
import { useStateNames } from '../../components/status-badge';
import { tasksQuery } from './queries';
import { useTaskNames } from './task-names';
import { TaskTable } from './task-table';

const STATUSES = ['pending', 'running', 'completed', 'failed', 'cancelled', 'dead_letter'];

const route = getRouteApi('/tasks');

/** Everything that Steward does in the background for this person, newest first. */
export function TasksPage() {
  const { t } = useLingui();
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const tasks = useInfiniteQuery(tasksQuery(filter));
  const names = useStateNames();
  const { kinds, kind } = useTaskNames();
  return (
    <Page title={t`Tasks`} lead={t`Everything that Steward does for you is a task that survives any crash.`}>
      <div className="row">
        <select className="input narrow" aria-label={t`State`} value={filter.status ?? ''} onChange={(e) => void navigate({ search: (old) => ({ ...without(old, 'status'), ...(e.target.value !== '' && { status: e.target.value }) }) })}>
          <option value="">{t`Every state`}</option>
          {STATUSES.map((status) => (
            <option key={status} value={status}>
              {names[status]}
            </option>
          ))}
        </select>
        <select className="input narrow" aria-label={t`Type`} value={filter.type ?? ''} onChange={(e) => void navigate({ search: (old) => ({ ...without(old, 'type'), ...(e.target.value !== '' && { type: e.target.value }) }) })}>
          <option value="">{t`Every type`}</option>
          {[...new Set([...Object.keys(kinds), ...(filter.type === undefined ? [] : [filter.type])])].map((type) => (
            <option key={type} value={type}>
              {kinds[type] ?? type}
            </option>
          ))}
        </select>
      </div>
      <Loaded from={tasks}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          return items.length === 0 ? <NoTasks /> : <TaskTable rows={items.map((task) => ({ task, beside: kind(task.type) }))} made />;
        }}
      </Loaded>
      {tasks.hasNextPage && (
        <button type="button" className="button" onClick={() => void tasks.fetchNextPage()}>
          <Trans>Show older ones</Trans>
        </button>
      )}
    </Page>
  );
}

function without(search: { status?: string; type?: string }, name: 'status' | 'type') {
  return Object.fromEntries(Object.entries(search).filter(([key]) => key !== name));
}

function NoTasks() {
  return (
    <div className="empty">
      <h2>
        <Trans>No task</Trans>
      </h2>
      <p>
        <Trans>Nothing fits here. Ask something, and its task shows up.</Trans>
      </p>
    </div>
  );
}
