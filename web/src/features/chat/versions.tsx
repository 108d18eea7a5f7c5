import { useLingui } from '@lingui/react/macro';
import type { Turn } from '../../api/types';
import { Icon } from '../../components/icon';

/** A question with all its answers. */
export interface Versions {
  /** The one to show. */
  turn: Turn;
  /** Every answer, the oldest first. */
  all: Turn[];
}

/** Puts turns that answer the same question together, in order; `chosen` are ids of older answers to be shown. */
export function groupVersions(turns: Turn[], chosen: ReadonlySet<string>): Versions[] {
  const byId = new Map(turns.map((turn) => [turn.id, turn]));
  return turns
    .filter((turn) => turn.replaced_by == null || !byId.has(turn.replaced_by))
    .map((newest) => {
      const all = [newest];
      for (let older = byId.get(newest.regenerates ?? ''); older !== undefined; older = byId.get(older.regenerates ?? '')) all.unshift(older);
      return { turn: all.find((turn) => chosen.has(turn.id)) ?? newest, all };
    });
}

/** Steps through the answers to one question. */
export function VersionSwitch({ versions, onShow }: { versions: Versions; onShow: (id: string) => void }) {
  const { t } = useLingui();
  const { turn, all } = versions;
  if (all.length < 2) return null;
  const at = all.indexOf(turn);
  const before = all[at - 1];
  const next = all[at + 1];
  return (
    <span className="versions" role="group" aria-label={t`Answers to this question`}>
      <button type="button" className="button plain icon small" aria-label={t`The answer before`} disabled={before === undefined} onClick={() => before && onShow(before.id)}>
        <Icon name="left" size={16} />
      </button>
      <span className="small quiet">
        {at + 1} / {all.length}
      </span>
      <button type="button" className="button plain icon small" aria-label={t`The next answer`} disabled={next === undefined} onClick={() => next && onShow(next.id)}>
        <Icon name="right" size={16} />
      </button>
    </span>
  );
}
