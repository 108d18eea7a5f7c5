import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PHRASES } from './server-phrases';

const LIST = join(import.meta.dirname, '../../../server/src/main/java/dev/steward/base/Saying.java');
const LANGUAGES = ['en', 'de', 'fr', 'es'];
/** Every code that the server can send, with the names of its values where its English stands in the list. */
function sayings(): Map<string, string[]> {
  const java = readFileSync(LIST, 'utf8').split('private static final')[0] ?? '';
  const found = [...java.matchAll(/^ {4}([A-Z][A-Z_]*)(?:\((.*?)\))?[,;]$/gms)];
  return new Map(found.map(([, name, english]) => [(name ?? '').toLowerCase(), valuesOf(english ?? '')]));
}

/** What a message names, as in `{max, number}` and `{what, select, …}`; not what it says in the cases of these. */
function valuesOf(text: string): string[] {
  const names = new Set<string>();
  let depth = 0;
  for (const [part, name] of text.matchAll(/\{\s*([a-z]*)|\}/g)) {
    depth += part === '}' ? -1 : 1;
    if (depth === 1 && name !== undefined) names.add(name);
  }
  return [...names].sort();
}

/** The translations of a catalogue by their English. */
function catalogue(language: string): Map<string, string> {
  const po = readFileSync(join(import.meta.dirname, `../locales/${language}.po`), 'utf8');
  const texts = (lines: string) => [...lines.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, part]) => JSON.parse(`"${part ?? ''}"`) as string).join('');
  return new Map([...po.matchAll(/^msgid ((?:".*"\n)+)msgstr ((?:".*"\n?)+)/gm)].map(([, id, text]) => [texts(id ?? ''), texts(text ?? '')]));
}

describe('what the server says by a code', () => {
  const said = sayings();

  it('is found in the list of the server', () => {
    expect(said.get('waiting_for_model')).toEqual([]);
    expect(said.get('at_most_characters')).toEqual(['max']);
    expect(said.has('backend_missed')).toBe(true);
    expect(said.has('tried_by_itself')).toBe(true);
    expect(said.size).toBeGreaterThan(200);
  });

  it('can be said here', () => {
    expect([...said.keys()].filter((code) => PHRASES[code] === undefined)).toEqual([]);
  });

  it('has no sentence that the server never says', () => {
    expect(Object.keys(PHRASES).filter((code) => !said.has(code))).toEqual([]);
  });

  it.each(LANGUAGES)('is in the catalogue %s, with no value that the server does not send', (language) => {
    const texts = catalogue(language);
    const wrong = Object.entries(PHRASES).filter(([code, { message }]) => {
      const text = texts.get(message ?? '') ?? '';
      const sent = said.get(code) ?? [];
      return text === '' || (sent.length > 0 && valuesOf(text).some((value) => !sent.includes(value)));
    });
    expect(wrong.map(([code]) => code)).toEqual([]);
  });
});
