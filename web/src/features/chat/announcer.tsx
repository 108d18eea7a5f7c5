import { useEffect, useRef, useState } from 'react';

const SENTENCE_END = /[.!?…:;]["')\]]*\s|\n/g;
const MARKS = /[*_`#>|~]+/g;

/** Screen readers take the text of a live region when it changes, not when they say it. */
const TOLD_AFTER_MS = 3_000;

/** Tells a screen reader an answer sentence by sentence; token by token would never let it finish a word. */
export function Announcer({ text, ended }: { text: string; ended: boolean }) {
  const said = useRef(0);
  const [sentence, setSentence] = useState('');
  useEffect(() => {
    if (text.length < said.current) said.current = text.length;
    const end = ended ? text.length : lastEnd(text, said.current);
    if (end > said.current) {
      setSentence(text.slice(said.current, end).replace(MARKS, ''));
      said.current = end;
    }
  }, [text, ended]);
  useEffect(() => {
    if (!ended || sentence === '') return;
    // It was told; who reads on with a cursor shall not meet it twice.
    const timer = setTimeout(() => setSentence(''), TOLD_AFTER_MS);
    return () => clearTimeout(timer);
  }, [ended, sentence]);
  return (
    <div className="visually-hidden" aria-live="polite" role="log">
      {sentence}
    </div>
  );
}

/** Where the last whole sentence after `from` ends. */
function lastEnd(text: string, from: number): number {
  let end = from;
  for (const match of text.slice(from).matchAll(SENTENCE_END)) end = from + match.index + match[0].length;
  return end;
}
