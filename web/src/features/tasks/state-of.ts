import type { Task } from '../../api/types';

/** Where a task is in its life; one that waits for others has a place of its own, though on the wire it is pending. */
export function stateOf(task: Pick<Task, 'status' | 'waiting_for'>): string {
  return task.status === 'pending' && task.waiting_for > 0 ? 'follows' : task.status;
}

/** Whether it may still change: a dead letter may be sent back. */
export function mayGoOn({ status }: Pick<Task, 'status'>): boolean {
  return status === 'pending' || status === 'running' || status === 'dead_letter';
}
