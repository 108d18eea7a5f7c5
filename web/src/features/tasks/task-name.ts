import type { Task } from '../../api/types';

/** What a task is called: by its maker, else by its kind. */
export function nameOf(task: Pick<Task, 'description' | 'type'>): string {
  return task.description === '' ? task.type : task.description;
}
