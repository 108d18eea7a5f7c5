import { useLingui } from '@lingui/react';
import { absoluteTime, relativeTime } from '../lib/format';
import { useNow } from '../lib/use-now';

/** A point in time, told relative to now; its exact value shows on hover. */
export function Moment({ at }: { at: string | null | undefined }) {
  const { i18n } = useLingui();
  const now = useNow();
  if (at === null || at === undefined) return <span className="quiet">–</span>;
  return (
    <time dateTime={at} title={absoluteTime(at, i18n.locales?.[0] ?? i18n.locale)} className="nowrap">
      {relativeTime(at, now, i18n.locale)}
    </time>
  );
}
