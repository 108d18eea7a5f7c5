// Packs what browsers fetch, once, at build time: the server only picks the variant that the browser takes.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const root = new URL('../dist/', import.meta.url).pathname;
const packable = /\.(js|css|html|svg|json|webmanifest)$/;
const worthBytes = 1024;

for (const name of readdirSync(root, { recursive: true })) {
  const file = join(root, name);
  if (!packable.test(file) || statSync(file).size < worthBytes) continue;
  const content = readFileSync(file);
  writeFileSync(`${file}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
}
