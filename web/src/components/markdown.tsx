import { useLingui } from '@lingui/react/macro';
import { lazy, memo, type ReactNode, Suspense, useMemo } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import remarkMath from 'remark-math';
import remend from 'remend';
import { splitBlocks } from '../lib/markdown-blocks';
import { markMath } from '../lib/math-text';
import { CodeBlock } from './code-block';
import './markdown.css';
import { PlainWhenBroken } from './plain-when-broken';

const MathFormula = lazy(() => import('./math'));

const plugins: Parameters<typeof ReactMarkdown>[0]['remarkPlugins'] = [remarkGfm, [remarkMath, { singleDollarTextMath: false }]];

/** A block that is longer, or nested deeper, is shown as it was written: parsing it could take seconds. */
const BLOCK_MAX = 20_000;
const TOO_DEEP = /^(?:[ \t]*(?:>|[-*+]|\d+[.)])[ \t]*){30}|^[ \t]{200}/m;

/** Markdown of a model, which may be hostile: no HTML, no images from elsewhere, links only as http, https or mailto. */
export const Markdown = memo(function Markdown({ text, streaming = false }: { text: string; streaming?: boolean }) {
  const blocks = useMemo(() => splitBlocks(text), [text]);
  return (
    <div className="markdown">
      {blocks.map((block, i) =>
        block.openFence !== undefined ? (
          <CodeBlock key={i} language={block.openFence} code={block.text} growing />
        ) : (
          <Block key={i} text={streaming && i === blocks.length - 1 ? remend(block.text) : block.text} />
        ),
      )}
    </div>
  );
});

const Block = memo(function Block({ text }: { text: string }) {
  const plain = <div className="as-written">{text}</div>;
  if (text.length > BLOCK_MAX || TOO_DEEP.test(text)) return plain;
  return (
    <PlainWhenBroken plain={plain}>
      <ReactMarkdown remarkPlugins={plugins} components={components}>
        {markMath(text)}
      </ReactMarkdown>
    </PlainWhenBroken>
  );
});

const components: Components = {
  // An answer's headings stand below the page's and the speaker's.
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h4>{children}</h4>,
  h3: ({ children }) => <h5>{children}</h5>,
  h4: ({ children }) => <h6>{children}</h6>,
  h5: ({ children }) => <h6>{children}</h6>,
  a: ({ href, children }) =>
    href === undefined || href === '' ? (
      <span>{children}</span>
    ) : (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow">
        {children}
      </a>
    ),
  // A remote image would tell its server who reads this, and could carry words away in its address.
  img: ({ src, alt }) => <ImageLink src={typeof src === 'string' ? src : ''} alt={alt ?? ''} />,
  input: ({ checked }) => <input type="checkbox" className="task-mark" checked={checked === true} readOnly disabled aria-label={checked === true ? '✓' : '–'} />,
  pre: ({ children }) => <>{children}</>,
  code: ({ className, children }) => {
    const code = textOf(children);
    if (className?.includes('math-') === true) {
      return (
        <Suspense fallback={<code>{code}</code>}>
          <MathFormula tex={code} display={className.includes('math-display')} />
        </Suspense>
      );
    }
    if (className === undefined && !code.includes('\n')) return <code>{children}</code>;
    return <CodeBlock language={className?.replace('language-', '') ?? ''} code={code.replace(/\n$/, '')} />;
  },
  table: ({ children }) => <Table>{children}</Table>,
};

function Table({ children }: { children: ReactNode }) {
  const { t } = useLingui();
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={t`Table`}>
      <table>{children}</table>
    </div>
  );
}

function ImageLink({ src, alt }: { src: string; alt: string }) {
  const { t } = useLingui();
  const name = alt === '' ? src : alt;
  return src.startsWith('http') ? (
    <a href={src} target="_blank" rel="noopener noreferrer nofollow">
      {t`Picture: ${name}`}
    </a>
  ) : (
    <span>{t`Picture: ${name}`}</span>
  );
}

function textOf(children: ReactNode): string {
  if (typeof children === 'string') return children;
  return Array.isArray(children) ? children.map(textOf).join('') : '';
}
