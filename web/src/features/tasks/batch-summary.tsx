import { useLingui } from '@lingui/react/macro';
import type { Batch } from '../../api/types';
import { StatusBadge } from '../../components/status-badge';
import { number } from '../../lib/format';

const STATES = ['completed', 'running', 'pending', 'failed', 'dead_letter', 'cancelled'] as const;

/** How far a batch is, and how many of its tasks are where. */
export function BatchSummary({ batch }: { batch: Batch }) {
  const { t, i18n } = useLingui();
  return (
    <div className="stack-small">
      <progress max={1} value={batch.progress} aria-label={t`Progress of the batch`} />
      <ul className="plain-list row">
        {STATES.filter((state) => batch.counts[state] > 0).map((state) => (
          <li key={state} className="row">
            <StatusBadge status={state} />
            <span>{number(batch.counts[state], i18n.locale)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
