import { Trans, useLingui } from '@lingui/react/macro';
import { useQueries, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Task } from '../../api/types';
import { Loaded } from '../../components/loaded';
import { Moment } from '../../components/moment';
import { Page } from '../../components/page';
import { useServerWords } from '../../components/server-words';
import { StatusBadge } from '../../components/status-badge';
import { Trouble } from '../../components/trouble';
import { wording } from '../../lib/wording';
import { Attempts } from './attempts';
import { BatchSummary } from './batch-summary';
import { Followers } from './followers';
import { History } from './history';
import { attemptsQuery, batchQuery, logQuery, replaysQuery, taskQuery, useCancelTask } from './queries';
import { TaskLine } from './task-line';
import { TaskLog } from './task-log';
import { useTaskNames } from './task-names';
import './tasks.css';
import { StateDiagram } from './state-diagram';
import { stateOf } from './state-of';

const route = getRouteApi('/tasks/$id');

/** One task: where it is in its life, each attempt with its error, what went in and what came out. */
export function TaskPage() {
  const { t } = useLingui();
  const { id } = route.useParams();
  const names = useTaskNames();
  const task = useQuery(taskQuery(id));
  const open = task.data?.status === 'pending' || task.data?.status === 'running';
  const attempts = useQuery(attemptsQuery(id, 'tasks', open));
  const log = useQuery(logQuery(id, open));
  const replays = useQuery(replaysQuery(id, 'tasks'));
  const cancel = useCancelTask();
  return (
    <Page
      title={task.data === undefined ? t`Task` : names.name(task.data)}
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
      {log.data !== undefined && log.data.items.length > 0 && (
        <section className="stack" aria-labelledby="log">
          <h2 id="log">
            <Trans>What it told about its work</Trans>
          </h2>
          <TaskLog lines={log.data.items} />
        </section>
      )}
      {task.data !== undefined && replays.data !== undefined && replays.data.items.length > 0 && (
        <section className="stack" aria-labelledby="history">
          <h2 id="history">
            <Trans>Sent back to work</Trans>
          </h2>
          <History items={replays.data.items} now={task.data.input} />
        </section>
      )}
    </Page>
  );
}

function Detail({ task }: { task: Task }) {
  const { t } = useLingui();
  const say = useServerWords();
  const names = useTaskNames();
  const state = stateOf(task);
  return (
    <>
      <StateDiagram status={state} />
      {task.error != null && task.status !== 'completed' && (
        <div className="notice bad">
          <strong>{task.status === 'dead_letter' ? t`Every attempt is used up.` : t`The last attempt failed.`}</strong>
          <span>{say(wording(task.error.message, task.error.words))}</span>
          <code className="quiet">{task.error.code}</code>
        </div>
      )}
      <dl className="task-facts card">
        <Fact name={t`State`} value={<StatusBadge status={state} />} />
        <Fact name={t`Type`} value={names.kind(task.type)} />
        <Fact name={t`Made`} value={<Moment at={task.created} />} />
        <Fact name={t`Not before`} value={<Moment at={task.run_at} />} />
        <Fact name={t`Ended`} value={<Moment at={task.completed_at} />} />
        <Fact name={t`Retries used`} value={task.max_retries === 0 ? t`none are allowed` : t`${Math.min(task.retry_count, task.max_retries)} of ${task.max_retries}`} />
        {task.status === 'running' && <Fact name={t`Progress`} value={<progress aria-label={t`Progress`} max={1} {...(task.progress > 0 && { value: task.progress })} />} />}
        {task.unique_key != null && <Fact name={t`Unique key`} value={<span className="mono">{task.unique_key}</span>} />}
        <Fact name={t`Id`} value={<span className="mono">{task.id}</span>} />
      </dl>
      <div className="task-links">
        <Follows task={task} />
        <Followers task={task} />
      </div>
      {task.batch != null && <PartOf batch={task.batch} />}
      <Json name={t`What went in`} value={task.input} />
      {task.result != null && <Json name={t`What came out`} value={task.result} />}
    </>
  );
}

/** What has to end before it. */
function Follows({ task }: { task: Task }) {
  const { t } = useLingui();
  const before = useQueries({ queries: task.after.slice(0, SHOWN).map((id) => taskQuery(id)) });
  const policies: Record<string, string> = { wait: t`If one of them fails, it waits until that one is mended.`, cancel: t`If one of them fails, it is cancelled.`, run: t`It runs however they end.` };
  if (task.after.length === 0) return null;
  return (
    <section className="card stack-small" aria-labelledby="after">
      <h2 id="after">{task.waiting_for > 0 ? <Trans>Waits for</Trans> : <Trans>Came after</Trans>}</h2>
      <ul className="plain-list">
        {before.map(({ data }, i) => (
          <TaskLine key={task.after[i]} id={task.after[i] ?? ''} task={data} />
        ))}
        {task.after.length > SHOWN && <li className="quiet">{t`and ${task.after.length - SHOWN} more`}</li>}
      </ul>
      {task.if_failed != null && task.waiting_for > 0 && <p className="small quiet">{policies[task.if_failed]}</p>}
    </section>
  );
}

/** As many as one looks through; each is asked for by itself. */
const SHOWN = 12;

function PartOf({ batch }: { batch: string }) {
  const found = useQuery(batchQuery(batch));
  if (found.data === undefined) return null;
  return (
    <section className="card stack-small" aria-labelledby="batch">
      <h2 id="batch">
        <Trans>Part of a batch:</Trans>{' '}
        <Link to="/batches/$id" params={{ id: batch }}>
          {found.data.description === '' ? <Trans>Batch</Trans> : found.data.description}
        </Link>
      </h2>
      <BatchSummary batch={found.data} />
    </section>
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
