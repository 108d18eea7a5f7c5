import { Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useRole } from '../../api/session';
import type { Schedule } from '../../api/types';
import { Confirm } from '../../components/confirm';
import { Loaded } from '../../components/loaded';
import { Moment } from '../../components/moment';
import { Page } from '../../components/page';
import { StatusBadge } from '../../components/status-badge';
import { Trouble } from '../../components/trouble';
import { CalendarCard } from './calendar';
import { NewScheduleButton } from './new-schedule';
import { runsQuery, schedulesQuery, useScheduleAct } from './queries';
import { Runs } from './runs';
import './schedules.css';

/** What happens again and again: in plain words, with the next runs and what became of the last ones. */
export function SchedulesPage() {
  const { t } = useLingui();
  const may = useRole('user');
  const list = useInfiniteQuery(schedulesQuery);
  return (
    <Page title={t`Schedules`} lead={t`What Steward does for you again and again. You can also say it in a conversation: remind me every Monday at eight.`} actions={may && <NewScheduleButton />}>
      <Loaded from={list}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          return items.length === 0 ? (
            <div className="empty">
              <h2>
                <Trans>Nothing is scheduled</Trans>
              </h2>
            </div>
          ) : (
            <div className="schedule-list">
              {items.map((schedule) => (
                <ScheduleCard key={schedule.id} schedule={schedule} />
              ))}
            </div>
          );
        }}
      </Loaded>
      {list.hasNextPage && (
        <div>
          <button type="button" className="button" onClick={() => void list.fetchNextPage()}>
            <Trans>Show more</Trans>
          </button>
        </div>
      )}
      {may && <CalendarCard />}
    </Page>
  );
}

function ScheduleCard({ schedule }: { schedule: Schedule }) {
  const { t } = useLingui();
  const [open, setOpen] = useState(false);
  const act = useScheduleAct(schedule.id);
  const types: Record<string, string> = { reminder: t`Reminder`, prompt: t`Question`, ask: t`Question`, http: t`Web request` };
  const type = types[schedule.type] ?? schedule.type;
  const title = schedule.description === '' ? type : schedule.description;
  return (
    <article className="card stack-small" aria-label={title}>
      <div className="spread">
        <h2>{title}</h2>
        <StatusBadge status={schedule.problem != null ? 'stopped' : schedule.paused ? 'paused' : schedule.next_at == null ? 'completed' : 'active'} />
      </div>
      <p>
        {schedule.words} <span className="quiet small">{type}</span>
      </p>
      {schedule.problem != null && (
        <p className="notice bad small">
          <strong>
            <Trans>Steward paused it:</Trans>
          </strong>{' '}
          {schedule.problem}
        </p>
      )}
      {/* A line in either case, so that nothing below it moves away under the pointer. */}
      {schedule.paused ? (
        <p className="quiet">
          <Trans>It does not run until it goes on.</Trans>
        </p>
      ) : (
        schedule.next_at != null && (
          <p>
            <Trans>
              Next: <Moment at={schedule.next_at} />
            </Trans>
          </p>
        )
      )}
      {schedule.missed_count > 0 && (
        <p className="small quiet">
          <Trans>Left out while nothing ran: {schedule.missed_count}</Trans>
        </p>
      )}
      {act.isError && <Trouble error={act.error} />}
      <div className="row">
        {schedule.paused ? (
          <button type="button" className="button small" disabled={act.isPending} onClick={() => act.mutate('resume')}>
            <Trans>Go on</Trans>
          </button>
        ) : (
          <button type="button" className="button small" disabled={act.isPending} onClick={() => act.mutate('pause')}>
            <Trans>Pause</Trans>
          </button>
        )}
        <Confirm
          trigger={
            <button type="button" className="button small danger" disabled={act.isPending}>
              <Trans>Delete</Trans>
            </button>
          }
          title={t`Delete this schedule?`}
          detail={t`It never runs again. What it has done so far stays among the tasks.`}
          action={t`Delete`}
          onConfirm={() => act.mutate('delete')}
        />
      </div>
      <details onToggle={(e) => setOpen(e.currentTarget.open)}>
        <summary>
          <Trans>Next and last runs</Trans>
        </summary>
        {open && (
          <div className="schedule-more">
            <section className="stack-small">
              <h3>
                <Trans>Next five</Trans>
              </h3>
              {schedule.next_runs.length === 0 ? <p className="quiet">{t`None.`}</p> : <Runs runs={schedule.next_runs} />}
              {schedule.changes.map((change) => (
                <p key={change} className="small quiet">
                  {change}
                </p>
              ))}
            </section>
            <Past id={schedule.id} />
          </div>
        )}
      </details>
    </article>
  );
}

function Past({ id }: { id: string }) {
  const { t } = useLingui();
  const runs = useQuery(runsQuery(id));
  return (
    <section className="stack-small">
      <h3>
        <Trans>What became of the last ones</Trans>
      </h3>
      <Loaded from={runs}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="quiet">{t`It has not run yet.`}</p>
          ) : (
            <ul className="runs">
              {items.map((run) => (
                <li key={run.at}>
                  <Link to="/tasks/$id" params={{ id: run.task_id }}>
                    <Moment at={run.at} />
                  </Link>{' '}
                  <StatusBadge status={run.outcome ?? 'pending'} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}
