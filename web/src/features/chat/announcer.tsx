import { useEffect, useRef, useState } from 'react';

const SENTENCE_END = /[.!?…:;]["')\]]*\s|\n/g;
const MARKS = /[*_`#>|~]+/g;

/** Tells a screen reader an answer sentence by sentence; token by token would never let it finish a word. */
export function Announcer({ text, ended }: { text: string; ended: boolean }) {
  const said = useRef(0);
  const [sentence, setSentence] = useState('');
  useEffect(() => {
    const end = ended ? text.length : lastEnd(text);
    if (end < said.current) said.current = end;
    if (end > said.current) {
      setSentence(text.slice(said.current, end).replace(MARKS, ''));
      said.current = end;
    }
  }, [text, ended]);
  return (
    <div className="visually-hidden" aria-live="polite" role="log">
      {sentence}
    </div>
  );
}

function lastEnd(text: string): number {
  let end = 0;
  for (const match of text.matchAll(SENTENCE_END)) end = match.index + match[0].length;
  return end;
}
