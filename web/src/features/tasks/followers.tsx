import { Trans } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Task } from '../../api/types';
import { Trouble } from '../../components/trouble';
import { followersQuery } from './queries';
import { mayGoOn } from './state-of';
import { TaskLine } from './task-line';

/** What waits for the end of a task, or came after it; nothing where nothing does. */
export function Followers({ task }: { task: Task }) {
  const open = mayGoOn(task);
  const list = useInfiniteQuery(followersQuery(task.id, open));
  if (list.data === undefined) return list.isError ? <Trouble error={list.error} again={() => void list.refetch()} /> : null;
  const followers = list.data.pages.flatMap((page) => page.items);
  if (followers.length === 0) return null;
  return (
    <section className="card stack-small" aria-labelledby="before">
      <h2 id="before">{open && followers.some((one) => one.waiting_for > 0) ? <Trans>What waits for it</Trans> : <Trans>What came after it</Trans>}</h2>
      <ul className="plain-list">
        {followers.map((one) => (
          <TaskLine key={one.id} id={one.id} task={one} />
        ))}
      </ul>
      {list.hasNextPage && (
        <div>
          <button type="button" className="button small" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            <Trans>Show more</Trans>
          </button>
        </div>
      )}
    </section>
  );
}
