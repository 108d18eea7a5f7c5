import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../../api/session';
import type { Replayed } from '../../api/types';
import { Difference } from '../../components/difference';
import { Moment } from '../../components/moment';

/** Each time that a task was sent back: who, why, and what they changed. */
export function History({ items, now }: { items: Replayed[]; now: unknown }) {
  const { t } = useLingui();
  const me = useQuery(sessionQuery);
  // What an edit made of the input is what the next edit found, or what it is now.
  const after = (index: number): unknown => items.slice(index + 1).find((later) => later.input_before != null)?.input_before ?? now;
  return (
    <ol className="letters">
      {items.map((item, i) => (
        <li key={item.number} className="stack-small">
          <span>
            {item.actor === me.data?.id ? <Trans>You sent it back</Trans> : <Trans>Somebody else sent it back</Trans>}{' '}
            <span className="quiet small">
              <Moment at={item.at} />
              {item.reason !== '' && ` · ${item.reason}`}
            </span>
          </span>
          {item.input_before != null && <Difference label={t`What was changed`} before={JSON.stringify(item.input_before, null, 2)} after={JSON.stringify(after(i), null, 2)} />}
        </li>
      ))}
    </ol>
  );
}
