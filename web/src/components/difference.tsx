import { useLingui } from '@lingui/react/macro';
import { useMemo } from 'react';
import { lineDiff } from '../lib/line-diff';
import './difference.css';

const SIGNS = { same: ' ', old: '−', new: '+' } as const;

/** What changes from one text to another, line by line; said by a sign and in words, not by colour alone. */
export function Difference({ before, after, label }: { before: string; after: string; label: string }) {
  const { t } = useLingui();
  const lines = useMemo(() => lineDiff(before, after), [before, after]);
  const words = { same: '', old: t`taken out:`, new: t`added:` };
  return (
    <pre className="difference" tabIndex={0} aria-label={label} role="group">
      {lines.map((line, i) => (
        <span key={i} className={line.kind}>
          <span aria-hidden="true">{SIGNS[line.kind]} </span>
          {line.kind !== 'same' && <span className="visually-hidden">{words[line.kind]} </span>}
          {line.text}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
