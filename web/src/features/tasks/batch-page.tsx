import { Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Confirm } from '../../components/confirm';
import { Loaded } from '../../components/loaded';
import { Moment } from '../../components/moment';
import { Page } from '../../components/page';
import { StatusBadge } from '../../components/status-badge';
import { Trouble } from '../../components/trouble';
import { BatchSummary } from './batch-summary';
import { batchMembersQuery, batchQuery, useCancelBatch } from './queries';
import { stateOf } from './state-of';
import { useTaskNames } from './task-names';
import './tasks.css';

const route = getRouteApi('/batches/$id');

/** Tasks that were given together: how many are where, and each by its name. */
export function BatchPage() {
  const { t } = useLingui();
  const { id } = route.useParams();
  const batch = useQuery(batchQuery(id));
  const members = useInfiniteQuery(batchMembersQuery(id));
  const cancel = useCancelBatch();
  const called = useTaskNames();
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
          <div className="card">
            <BatchSummary batch={data} />
          </div>
        )}
      </Loaded>
      <Loaded from={members}>
        {({ pages }) => (
          <div className="table-frame">
            <table className="cards">
              <thead>
                <tr>
                  <th>{t`Task`}</th>
                  <th>{t`State`}</th>
                  <th className="number">{t`Attempts`}</th>
                  <th>{t`Changed`}</th>
                </tr>
              </thead>
              <tbody>
                {pages
                  .flatMap((page) => page.items)
                  .map(({ name, task }) => (
                    <tr key={task.id}>
                      <th scope="row">
                        <Link to="/tasks/$id" params={{ id: task.id }}>
                          {called.name(task)}
                        </Link>{' '}
                        {name !== called.name(task) && <span className="quiet small">{name}</span>}
                      </th>
                      <td>
                        <StatusBadge status={stateOf(task)} />
                      </td>
                      <td className="number" data-label={t`Attempts`}>
                        {task.attempts}
                      </td>
                      <td data-label={t`Changed`}>
                        <Moment at={task.updated} />
                      </td>
                    </tr>
                  ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
      {members.hasNextPage && (
        <button type="button" className="button" onClick={() => void members.fetchNextPage()}>
          <Trans>Show more</Trans>
        </button>
      )}
    </Page>
  );
}
