import { useLingui } from '@lingui/react/macro';

type Tone = 'good' | 'warn' | 'bad' | 'plain';

const TONES: Record<string, Tone> = {
  up: 'good', closed: 'good', completed: 'good', installed: 'good', ready: 'good', active: 'good',
  degraded: 'warn', half_open: 'warn', pending: 'plain', running: 'warn', cancelled: 'plain', installing: 'warn',
  down: 'bad', open: 'bad', failed: 'bad', dead_letter: 'bad', inactive: 'bad', timed_out: 'bad', lost: 'bad', deadline: 'bad', stopped: 'bad',
};

/** States in the reader's words. */
export function useStateNames(): Record<string, string> {
  const { t } = useLingui();
  return {
    up: t`works`, degraded: t`works in part`, down: t`does not work`, closed: t`closed`, half_open: t`half open`, open: t`open`,
    pending: t`waiting`, running: t`running`, completed: t`completed`, failed: t`failed`, cancelled: t`cancelled`, dead_letter: t`dead letter`,
    installed: t`installed`, absent: t`not installed`, ready: t`ready`, installing: t`being installed`, active: t`active`, inactive: t`switched off`,
    timed_out: t`took too long`, lost: t`its worker was lost`, released: t`handed back`, deadline: t`too late`, nothing: t`had nothing to do`, removed: t`removed`,
    follows: t`waits for others`, paused: t`paused`, stopped: t`stopped`,
  };
}

/** A state by name and colour; the name alone is enough to tell. */
export function StatusBadge({ status }: { status: string }) {
  const names = useStateNames();
  return (
    <span className="badge">
      <span className={`dot ${TONES[status] ?? 'plain'}`} aria-hidden="true" />
      {names[status] ?? status}
    </span>
  );
}
