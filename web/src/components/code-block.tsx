import { useLingui } from '@lingui/react/macro';
import { lazy, memo, Suspense } from 'react';
import { CopyButton } from './copy-button';

const ColouredCode = lazy(() => import('./coloured-code'));

/** Longer code stays plain: colouring it would hold up the page. */
const COLOURED_MAX = 20_000;

/** About how many characters are drawn as one: a code that grows is laid out anew only in its last piece. */
const PIECE = 8_000;

/** Marks that turn text around, so that code reads other than it runs (CVE-2021-42574). */
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export function CodeBlock({ language, code, growing = false }: { language: string; code: string; growing?: boolean }) {
  const { t } = useLingui();
  const shown = code.replace(TURNING, (mark) => `⟨U+${mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
  const plain = shown.length > PIECE ? <Pieces code={shown} /> : <code>{shown}</code>;
  return (
    <figure className="code">
      <figcaption>
        <span>{language}</span>
        <CopyButton text={code} name={t`Copy the code`} />
      </figcaption>
      <pre tabIndex={0} aria-label={language === '' ? t`Code` : t`Code in ${language}`} role="region">
        {growing || language === '' || code.length > COLOURED_MAX ? (
          plain
        ) : (
          <Suspense fallback={plain}>
            <ColouredCode language={language.toLowerCase()} code={shown} />
          </Suspense>
        )}
      </pre>
    </figure>
  );
}

function Pieces({ code }: { code: string }) {
  return (
    <code>
      {splitLines(code).map((piece, i) => (
        <Piece key={i} code={piece} />
      ))}
    </code>
  );
}

const Piece = memo(function Piece({ code }: { code: string }) {
  return <span className="code-piece">{code}</span>;
});

/** Cuts at ends of lines; the pieces of a text that grew begin with those of the text before. */
function splitLines(code: string): string[] {
  const pieces: string[] = [];
  for (let from = 0; from < code.length; ) {
    const end = code.indexOf('\n', from + PIECE);
    pieces.push(code.slice(from, end < 0 ? code.length : end));
    from = end < 0 ? code.length : end + 1;
  }
  return pieces;
}
