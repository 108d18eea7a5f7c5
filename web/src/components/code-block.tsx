import { useLingui } from '@lingui/react/macro';
import { lazy, Suspense } from 'react';
import { CopyButton } from './copy-button';

const ColouredCode = lazy(() => import('./coloured-code'));

/** Longer code stays plain: colouring it would hold up the page. */
const COLOURED_MAX = 20_000;

/** Marks that turn text around, so that code reads other than it runs (CVE-2021-42574). */
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export function CodeBlock({ language, code, growing = false }: { language: string; code: string; growing?: boolean }) {
  const { t } = useLingui();
  const shown = code.replace(TURNING, (mark) => `⟨U+${mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
  const plain = <code>{shown}</code>;
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
