import type { Problem } from '../api/types';
import { wording } from '../lib/wording';
import { useServerWords } from './server-words';

/** A problem in one text, for where its fields have no place of their own. */
export function useProblemText(): (problem: Problem) => string {
  const say = useServerWords();
  return ({ detail, words, errors }) => [say(wording(detail, words)), ...(words == null ? [] : (errors ?? []).map((fault) => say(wording(fault.message, fault.words))))].join(' ');
}
