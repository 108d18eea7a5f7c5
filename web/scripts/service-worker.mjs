// Writes dist/sw.js: the service worker with the names of the files that it keeps.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const assets = readdirSync('dist/assets')
  .filter((name) => /\.(?:js|css)$/.test(name))
  .sort()
  .map((name) => `/assets/${name}`);
const others = ['/icon.svg', '/icon-192.png', '/icon-512.png', '/icon-maskable.png', '/manifest.webmanifest'];
const code = readFileSync('scripts/sw.js', 'utf8').replace(/^\/\* global .*\n/, '');
const hash = createHash('sha256').update(code).update(readFileSync('dist/index.html'));
for (const file of [...assets, ...others]) hash.update(file);
for (const file of others) hash.update(readFileSync(`dist${file}`));
const version = hash.digest('hex').slice(0, 16);
writeFileSync('dist/sw.js', `const VERSION = ${JSON.stringify(version)};\nconst FILES = ${JSON.stringify(['/', ...assets, ...others])};\n\n${code}`);
