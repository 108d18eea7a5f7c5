import { useLingui } from '@lingui/react/macro';
import type { SchedulePreview } from '../../api/types';

/** Coming runs on the clock of the schedule's own zone, with what a change of the clocks does to one. */
export function Runs({ runs }: { runs: SchedulePreview['next_runs'] }) {
  const { i18n } = useLingui();
  // The wall's time is told as it is: reading it as UTC keeps it from being moved.
  const format = new Intl.DateTimeFormat(i18n.locales ?? i18n.locale, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
  return (
    <ol className="runs">
      {runs.map((run) => (
        <li key={run.at}>
          <time dateTime={run.at}>{format.format(new Date(`${run.local}Z`))}</time>
          {run.note != null && <span className="small quiet"> {run.note}</span>}
        </li>
      ))}
    </ol>
  );
}
