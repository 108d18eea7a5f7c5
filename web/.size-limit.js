import { readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'));

/** The scripts that a browser fetches for these chunks before it can show them: they and all that they import. */
function scripts(...chunks) {
  const files = new Set();
  function add(chunk) {
    const { file, imports = [] } = manifest[chunk];
    if (!file.endsWith('.js') || files.has(`dist/${file}`)) return;
    files.add(`dist/${file}`);
    imports.forEach(add);
  }
  chunks.forEach(add);
  return [...files];
}

/** What the first of these has and the second lacks. */
function beyond(more, less) {
  return more.filter((file) => !less.includes(file));
}

const first = scripts('index.html', 'src/locales/en.po');
const chat = [...new Set([...first, ...scripts('src/app/inside.tsx', 'src/features/chat/chat-page.tsx')])];

export default [
  { name: 'script that other sites load', path: 'dist/widget.js', limit: '5 kB', gzip: true },
  { name: 'frame in other sites', path: scripts('widget.html', 'src/locales/en.po'), limit: '150 kB', gzip: true },
  { name: 'first route', path: first, limit: '150 kB', gzip: true },
  { name: 'chat', path: chat, limit: '250 kB', gzip: true },
  { name: 'formulas, fetched with the first one', path: beyond(scripts('src/components/math.tsx'), chat), limit: '90 kB', gzip: true },
  { name: 'colours of code, fetched with the first code', path: beyond(scripts('src/components/coloured-code.tsx'), chat), limit: '60 kB', gzip: true },
  { name: 'pages of operators', path: beyond(scripts('src/app/operator-pages.tsx'), chat), limit: '60 kB', gzip: true },
];
