import { useLingui } from '@lingui/react/macro';
import type { Attempt } from '../../api/types';
import { Moment } from '../../components/moment';
import { useServerWords } from '../../components/server-words';
import { StatusBadge } from '../../components/status-badge';
import { duration } from '../../lib/format';
import { wording } from '../../lib/wording';

/** Each attempt of a task with its error, oldest first. */
export function Attempts({ items }: { items: Attempt[] }) {
  const { t, i18n } = useLingui();
  const say = useServerWords();
  if (items.length === 0) return <p className="quiet">{t`None has begun yet.`}</p>;
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
            <tr key={`${attempt.number} ${attempt.start ?? ''}`}>
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
                {attempt.start != null && attempt.end != null ? duration(Date.parse(attempt.end) - Date.parse(attempt.start), i18n.locale) : '–'}
              </td>
              <td data-label={t`Error`}>{attempt.error == null ? '–' : say(wording(attempt.error.message, attempt.error.words))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
