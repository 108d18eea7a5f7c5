import { Link } from '@tanstack/react-router';
import type { Task } from '../../api/types';
import { StatusBadge } from '../../components/status-badge';
import { stateOf } from './state-of';
import { useTaskNames } from './task-names';

/** One task in a list of few: its state and its name; by its id where it is not read yet, or not there any more. */
export function TaskLine({ id, task }: { id: string; task: Task | undefined }) {
  const names = useTaskNames();
  return (
    <li className="row">
      {task !== undefined && <StatusBadge status={stateOf(task)} />}
      <Link to="/tasks/$id" params={{ id }} className={task === undefined ? 'mono' : ''}>
        {task === undefined ? id : names.name(task)}
      </Link>
    </li>
  );
}
