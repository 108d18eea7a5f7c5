import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import cpp from 'highlight.js/lib/languages/cpp';
import csharp from 'highlight.js/lib/languages/csharp';
import css from 'highlight.js/lib/languages/css';
import diff from 'highlight.js/lib/languages/diff';
import go from 'highlight.js/lib/languages/go';
import ini from 'highlight.js/lib/languages/ini';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import kotlin from 'highlight.js/lib/languages/kotlin';
import markdown from 'highlight.js/lib/languages/markdown';
import php from 'highlight.js/lib/languages/php';
import python from 'highlight.js/lib/languages/python';
import ruby from 'highlight.js/lib/languages/ruby';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import { createLowlight } from 'lowlight';
import { Fragment, type ReactNode, useMemo } from 'react';

const lowlight = createLowlight({ bash, c, cpp, csharp, css, diff, go, ini, java, javascript, json, kotlin, markdown, php, python, ruby, rust, sql, typescript, xml, yaml });
lowlight.registerAlias({ bash: ['sh', 'shell', 'console'], ini: ['toml', 'properties'], javascript: ['jsx'], typescript: ['tsx'], xml: ['html', 'svg'] });

type Node = ReturnType<typeof lowlight.highlight>['children'][number];

/** Code in the colours of its language; a language it does not know stays plain. */
export default function ColouredCode({ language, code }: { language: string; code: string }) {
  const nodes = useMemo(() => (lowlight.registered(language) ? lowlight.highlight(language, code).children : undefined), [language, code]);
  return <code>{nodes === undefined ? code : nodes.map(draw)}</code>;
}

function draw(node: Node, key: number): ReactNode {
  if (node.type === 'text') return <Fragment key={key}>{node.value}</Fragment>;
  if (node.type !== 'element') return null;
  const classes = node.properties['className'];
  return (
    <span key={key} className={Array.isArray(classes) ? classes.join(' ') : undefined}>
      {(node.children as Node[]).map(draw)}
    </span>
  );
}
