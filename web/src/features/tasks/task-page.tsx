import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Task } from '../../api/types';
import { Loaded } from '../../components/loaded';
import { Moment } from '../../components/moment';
import { Page } from '../../components/page';
import { StatusBadge } from '../../components/status-badge';
import { Trouble } from '../../components/trouble';
import { Attempts } from './attempts';
import { History } from './history';
import { attemptsQuery, replaysQuery, taskQuery, useCancelTask } from './queries';
import './tasks.css';
import { StateDiagram } from './state-diagram';

const route = getRouteApi('/tasks/$id');

/** One task: where it is in its life, each attempt with its error, what went in and what came out. */
export function TaskPage() {
  const { t } = useLingui();
  const { id } = route.useParams();
  const task = useQuery(taskQuery(id));
  const open = task.data?.status === 'pending' || task.data?.status === 'running';
  const attempts = useQuery(attemptsQuery(id, 'tasks', open));
  const replays = useQuery(replaysQuery(id, 'tasks'));
  const cancel = useCancelTask();
  return (
    <Page
      title={task.data === undefined ? t`Task` : task.data.description === '' ? task.data.type : task.data.description}
      actions={
        open && (
          <button type="button" className="button danger" disabled={cancel.isPending || task.data?.cancel_requested} onClick={() => cancel.mutate(id)}>
            {task.data?.cancel_requested === true ? <Trans>Being cancelled</Trans> : <Trans>Cancel it</Trans>}
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
        <Loaded from={attempts}>{({ items }) => <Attempts items={items} />}</Loaded>
      </section>
      {replays.data !== undefined && replays.data.items.length > 0 && (
        <section className="stack" aria-labelledby="history">
          <h2 id="history">
            <Trans>Sent back to work</Trans>
          </h2>
          <History items={replays.data.items} now={task.data?.input} />
        </section>
      )}
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
        <Fact name={t`Retries used`} value={task.max_retries === 0 ? t`none are allowed` : t`${Math.min(task.retry_count, task.max_retries)} of ${task.max_retries}`} />
        {task.status === 'running' && <Fact name={t`Progress`} value={<progress aria-label={t`Progress`} max={1} {...(task.progress > 0 && { value: task.progress })} />} />}
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
