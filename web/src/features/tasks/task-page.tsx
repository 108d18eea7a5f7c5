import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Attempt, Task } from '../../api/types';
import { Loaded } from '../../components/loaded';
import { Moment } from '../../components/moment';
import { Page } from '../../components/page';
import { StatusBadge } from '../../components/status-badge';
import { Trouble } from '../../components/trouble';
import { duration } from '../../lib/format';
import { attemptsQuery, taskQuery, useCancelTask } from './queries';
import './tasks.css';
import { StateDiagram } from './state-diagram';

const route = getRouteApi('/tasks/$id');

/** One task: where it is in its life, each attempt with its error, what went in and what came out. */
export function TaskPage() {
  const { t } = useLingui();
  const { id } = route.useParams();
  const task = useQuery(taskQuery(id));
  const attempts = useQuery(attemptsQuery(id));
  const cancel = useCancelTask();
  const open = task.data?.status === 'pending' || task.data?.status === 'running';
  return (
    <Page
      title={task.data === undefined ? t`Task` : task.data.description === '' ? task.data.type : task.data.description}
      actions={
        open && (
          <button type="button" className="button danger" disabled={cancel.isPending || task.data?.cancel_requested} onClick={() => cancel.mutate(id)}>
            <Trans>Cancel it</Trans>
          </button>
        )
      }
    >
      {cancel.isError && <Trouble error={cancel.error} />}
      <Loaded from={task}>{(data) => <Detail task={data} />}</Loaded>
      <section className="stack" aria-labelledby="attempts">
        <h2 id="attempts">
          <Trans>Attempts</Trans>
        </h2>
        <Loaded from={attempts}>{({ items }) => (items.length === 0 ? <p className="quiet">{t`None has begun yet.`}</p> : <Attempts items={items} />)}</Loaded>
      </section>
    </Page>
  );
}

function Detail({ task }: { task: Task }) {
  const { t } = useLingui();
  return (
    <>
      <StateDiagram status={task.status} />
      {task.error != null && task.status !== 'completed' && (
        <div className="notice bad">
          <strong>{task.error.code}</strong>
          <span>{task.error.message}</span>
        </div>
      )}
      <dl className="task-facts card">
        <Fact name={t`State`} value={<StatusBadge status={task.status} />} />
        <Fact name={t`Type`} value={task.type} />
        <Fact name={t`Made`} value={<Moment at={task.created} />} />
        <Fact name={t`Not before`} value={<Moment at={task.run_at} />} />
        <Fact name={t`Ended`} value={<Moment at={task.completed_at} />} />
        <Fact name={t`Retries used`} value={`${task.retry_count} / ${task.max_retries}`} />
        {task.status === 'running' && <Fact name={t`Progress`} value={`${Math.round(task.progress * 100)} %`} />}
        <Fact name={t`Id`} value={<span className="mono">{task.id}</span>} />
      </dl>
      <Json name={t`What went in`} value={task.input} />
      {task.result != null && <Json name={t`What came out`} value={task.result} />}
    </>
  );
}

function Fact({ name, value }: { name: string; value: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Json({ name, value }: { name: string; value: unknown }) {
  return (
    <details className="card">
      <summary>{name}</summary>
      <pre className="json" tabIndex={0}>
        {JSON.stringify(value, null, 2)}
      </pre>
    </details>
  );
}

function Attempts({ items }: { items: Attempt[] }) {
  const { t, i18n } = useLingui();
  return (
    <div className="table-frame">
      <table className="cards">
        <thead>
          <tr>
            <th className="number">{t`No.`}</th>
            <th>{t`Outcome`}</th>
            <th>{t`Began`}</th>
            <th className="number">{t`Took`}</th>
            <th>{t`Error`}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((attempt) => (
            <tr key={attempt.number}>
              <th scope="row" className="number">
                {attempt.number}
              </th>
              <td>
                <StatusBadge status={attempt.outcome} />
              </td>
              <td data-label={t`Began`}>
                <Moment at={attempt.start} />
              </td>
              <td className="number" data-label={t`Took`}>
                {attempt.start != null && attempt.end != null && duration(Date.parse(attempt.end) - Date.parse(attempt.start), i18n.locale)}
              </td>
              <td>{attempt.error?.message}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
