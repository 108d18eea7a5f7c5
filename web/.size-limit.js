import { readdirSync, readFileSync } from 'node:fs';

/** What the browser fetches before it shows anything: the start page names it. */
const start = [...readFileSync('dist/index.html', 'utf8').matchAll(/assets\/[\w.-]+\.js/g)].map(([name]) => `dist/${name}`);

/** Chunks of pages other than the chat, and of other languages than the one in use. */
const others = /\/(operator-pages|settings-page|de|fr|es)-[\w-]+\.js$/;
const chat = readdirSync('dist/assets').filter((name) => name.endsWith('.js') && !others.test(`/${name}`));

export default [
  { name: 'first route', path: [...start, 'dist/assets/en-*.js'], limit: '150 kB', gzip: true },
  { name: 'chat', path: chat.map((name) => `dist/assets/${name}`), limit: '250 kB', gzip: true },
];
