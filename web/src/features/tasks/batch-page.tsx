import { Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Confirm } from '../../components/confirm';
import { Loaded } from '../../components/loaded';
import { Page } from '../../components/page';
import { StatusBadge } from '../../components/status-badge';
import { Trouble } from '../../components/trouble';
import { BatchSummary } from './batch-summary';
import { batchMembersQuery, batchQuery, taskQuery, useCancelBatch } from './queries';
import { stateOf } from './state-of';
import { useTaskNames } from './task-names';
import { TaskTable } from './task-table';
import './tasks.css';

const route = getRouteApi('/batches/$id');

/** Tasks that were given together: how many are where, and each by its name. */
export function BatchPage() {
  const { t } = useLingui();
  const { id } = route.useParams();
  const batch = useQuery(batchQuery(id));
  const members = useInfiniteQuery(batchMembersQuery(id));
  const cancel = useCancelBatch();
  const over = batch.data?.completed_at != null || batch.data?.cancelled === true;
  return (
    <Page
      title={batch.data === undefined || batch.data.description === '' ? t`Batch` : batch.data.description}
      actions={
        batch.data !== undefined &&
        !over && (
          <Confirm
            trigger={
              <button type="button" className="button danger" disabled={cancel.isPending}>
                <Trans>Cancel all of it</Trans>
              </button>
            }
            title={t`Cancel the whole batch?`}
            detail={t`What is done stays done; what waits never runs, and what runs is stopped.`}
            action={t`Cancel all of it`}
            onConfirm={() => cancel.mutate(id)}
          />
        )
      }
    >
      {cancel.isError && <Trouble error={cancel.error} />}
      <Loaded from={batch}>
        {(data) => (
          <>
            <div className="card">
              <BatchSummary batch={data} />
            </div>
            {data.final != null && <FinalTask id={data.final} />}
          </>
        )}
      </Loaded>
      <Loaded from={members}>
        {({ pages }) => <TaskTable rows={pages.flatMap((page) => page.items).map(({ name, task }) => ({ task, beside: name }))} />}
      </Loaded>
      {members.hasNextPage && (
        <button type="button" className="button" onClick={() => void members.fetchNextPage()}>
          <Trans>Show more</Trans>
        </button>
      )}
    </Page>
  );
}

/** The task that runs once, when all the others have ended; it is none of those that are counted. */
function FinalTask({ id }: { id: string }) {
  const called = useTaskNames();
  const task = useQuery(taskQuery(id));
  if (task.data === undefined) return null;
  return (
    <section className="card spread" aria-labelledby="final">
      <h2 id="final">
        <Trans>When all is done:</Trans>{' '}
        <Link to="/tasks/$id" params={{ id }}>
          {called.name(task.data)}
        </Link>
      </h2>
      <StatusBadge status={stateOf(task.data)} />
    </section>
  );
}
