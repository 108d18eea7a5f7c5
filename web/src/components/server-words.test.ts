import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PHRASES } from './server-words';

const SERVER = join(import.meta.dirname, '../../../server/src/main/java/dev/steward');

function sources(): string {
  return readdirSync(SERVER, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.java'))
    .map((file) => readFileSync(join(SERVER, file), 'utf8'))
    .join('\n');
}

describe('what the server says by a code', () => {
  const java = sources();
  const told = [...java.matchAll(/(?:Wording\.of|new Phrase)\(([^;]*?)[,;)]/g)].flatMap(([, first]) => [...(first ?? '').matchAll(/"([a-z_]+)"/g)].map(([, code]) => code ?? ''));
  const router = [...java.matchAll(/\bof\("([a-z_]+)", [a-z]+\.get\(\)/g)].map(([, code]) => code ?? '');
  const kinds = (/enum Kind \{([^}]*MODEL_NOT_AVAILABLE[^}]*)\}/.exec(java)?.[1] ?? '').match(/\b[A-Z]+(?:_[A-Z]+)*(?=,?$)/gm) ?? [];
  const codes = [...told, ...router, ...kinds.map((kind) => kind.toLowerCase())];

  it('is found in the source', () => {
    expect(codes).toContain('waiting_for_model');
    expect(codes).toContain('answered_by');
    expect(codes).toContain('goes_on');
    expect(kinds).toHaveLength(11);
  });

  it('can be said in every language', () => {
    expect(codes.filter((code) => PHRASES[code] === undefined)).toEqual([]);
  });

  it('has no sentence that the server never says', () => {
    expect(Object.keys(PHRASES).filter((code) => !codes.includes(code))).toEqual([]);
  });
});
