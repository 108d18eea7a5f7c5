import { Icon } from '../../components/icon';

interface Names {
  group: string;
  before: string;
  next: string;
}

/** Steps through what stands in one place: wordings of a message, or answers to it. Each leads to a branch of its own. */
export function VersionSwitch({ ids, shown, names, onShow }: { ids: readonly string[]; shown: number; names: Names; onShow: (turn: string) => void }) {
  if (ids.length < 2 || shown < 0) return null;
  const before = ids[shown - 1];
  const next = ids[shown + 1];
  return (
    <span className="versions" role="group" aria-label={names.group}>
      <button type="button" className="button plain icon small" aria-label={names.before} disabled={before === undefined} onClick={() => before !== undefined && onShow(before)}>
        <Icon name="left" size={16} />
      </button>
      <span className="small quiet">
        {shown + 1} / {ids.length}
      </span>
      <button type="button" className="button plain icon small" aria-label={names.next} disabled={next === undefined} onClick={() => next !== undefined && onShow(next)}>
        <Icon name="right" size={16} />
      </button>
    </span>
  );
}
