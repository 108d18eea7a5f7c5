import { useLingui } from '@lingui/react';
import type { Phrase, Wording } from '../lib/wording';
import { PHRASES } from './server-phrases';

/** Says what the server says in the reader's language; in the server's English where a phrase is not known here. */
export function useServerWords(): (said: Wording) => string {
  const { i18n } = useLingui();
  return ({ english, phrases }) => {
    const said = phrases.map((phrase: Phrase) => {
      const known = PHRASES[phrase.code];
      return known === undefined ? undefined : i18n._(known.id, phrase.values);
    });
    return said.length === 0 || said.includes(undefined) ? english : said.join(' ');
  };
}
