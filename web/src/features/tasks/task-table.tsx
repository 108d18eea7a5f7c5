import { useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import type { Task } from '../../api/types';
import { Moment } from '../../components/moment';
import { StatusBadge } from '../../components/status-badge';
import { stateOf } from './state-of';
import { useTaskNames } from './task-names';

/** Tasks, each on a line; `beside` its name stands what tells it from others here, unless it is the same. */
export function TaskTable({ rows, made = false }: { rows: { task: Task; beside: string }[]; made?: boolean }) {
  const { t } = useLingui();
  const called = useTaskNames();
  return (
    <div className="table-frame">
      <table className="cards">
        <thead>
          <tr>
            <th>{t`Task`}</th>
            <th>{t`State`}</th>
            <th className="number">{t`Attempts`}</th>
            {made && <th>{t`Made`}</th>}
            <th>{t`Changed`}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ task, beside }) => (
            <tr key={task.id}>
              <th scope="row">
                <Link to="/tasks/$id" params={{ id: task.id }}>
                  {called.name(task)}
                </Link>{' '}
                {beside !== called.name(task) && <span className="quiet small">{beside}</span>}
              </th>
              <td>
                <StatusBadge status={stateOf(task)} />
              </td>
              <td className="number" data-label={t`Attempts`}>
                {task.attempts}
              </td>
              {made && (
                <td data-label={t`Made`}>
                  <Moment at={task.created} />
                </td>
              )}
              <td data-label={t`Changed`}>
                <Moment at={task.updated} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
