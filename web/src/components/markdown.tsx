import { useLingui } from '@lingui/react/macro';
import { memo, type ReactNode, useMemo } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import remend from 'remend';
import { splitBlocks } from '../lib/markdown-blocks';
import { CopyButton } from './copy-button';
import './markdown.css';

const plugins = [remarkGfm];

/** Markdown of a model, which may be hostile: no HTML, no images from elsewhere, links only as http, https or mailto. */
export const Markdown = memo(function Markdown({ text, streaming = false }: { text: string; streaming?: boolean }) {
  const blocks = useMemo(() => splitBlocks(text), [text]);
  return (
    <div className="markdown">
      {blocks.map((block, i) =>
        block.openFence !== undefined ? (
          <CodeBlock key={i} language={block.openFence} code={block.text} />
        ) : (
          <Block key={i} text={streaming && i === blocks.length - 1 ? remend(block.text) : block.text} />
        ),
      )}
    </div>
  );
});

const Block = memo(function Block({ text }: { text: string }) {
  return (
    <ReactMarkdown remarkPlugins={plugins} components={components}>
      {text}
    </ReactMarkdown>
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
  pre: ({ children }) => <>{children}</>,
  code: ({ className, children }) => {
    const code = textOf(children);
    if (className === undefined && !code.includes('\n')) return <code>{children}</code>;
    return <CodeBlock language={className?.replace('language-', '') ?? ''} code={code.replace(/\n$/, '')} />;
  },
  table: ({ children }) => (
    <div className="table-frame" tabIndex={0} role="region">
      <table>{children}</table>
    </div>
  ),
};

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

function CodeBlock({ language, code }: { language: string; code: string }) {
  const { t } = useLingui();
  return (
    <figure className="code">
      <figcaption>
        <span>{language}</span>
        <CopyButton text={code} name={t`Copy the code`} />
      </figcaption>
      <pre tabIndex={0}>
        <code>{code}</code>
      </pre>
    </figure>
  );
}

function textOf(children: ReactNode): string {
  if (typeof children === 'string') return children;
  return Array.isArray(children) ? children.map(textOf).join('') : '';
}
