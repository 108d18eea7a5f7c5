import katex from 'katex';
import { createElement, type ReactNode } from 'react';

/** More than any formula of a page; longer ones are shown as they were written. */
const LENGTH_MAX = 4_000;
const DEPTH_MAX = 200;

interface Part {
  type?: string;
  text?: string;
  attributes?: Record<string, string>;
  children?: Part[];
}

interface Builder {
  __renderToDomTree: (tex: string, options: katex.KatexOptions) => Part;
}

/** What may be in a formula; anything else is passed over, its content stays. */
const ELEMENTS = new Set(
  'math semantics mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle merror mpadded mphantom menclose msub msup msubsup munder mover munderover mmultiscripts mtable mtr mtd'.split(' '),
);

/** Attributes that only say how it looks: no style, no address, no handler. */
const ATTRIBUTES = new Set(
  'display mathvariant mathcolor mathbackground mathsize fence separator stretchy symmetric form lspace rspace minsize maxsize movablelimits accent accentunder linethickness scriptlevel displaystyle width height depth voffset notation rowspacing columnspacing columnalign columnlines rowlines'.split(' '),
);

/** A formula as MathML, built by React: no markup from text, no style. One that can't be read is shown as written. */
export default function MathFormula({ tex, display }: { tex: string; display: boolean }) {
  const root = parse(tex, display);
  if (root === undefined) return <code>{tex}</code>;
  const formula = build(root, 0);
  // A wide formula scrolls by itself, and can be scrolled by keyboard.
  return display ? (
    <div className="formula" tabIndex={0} role="math" aria-label={tex}>
      {formula}
    </div>
  ) : (
    formula
  );
}

function parse(tex: string, display: boolean): Part | undefined {
  if (tex.length > LENGTH_MAX) return undefined;
  try {
    const builder = katex as unknown as Builder;
    return builder.__renderToDomTree(tex, { output: 'mathml', displayMode: display, throwOnError: true, strict: 'ignore', trust: false, maxExpand: 200, maxSize: 20 }).children?.[0];
  } catch {
    return undefined;
  }
}

function build(part: Part, depth: number, key?: number): ReactNode {
  if (depth > DEPTH_MAX) return null;
  if (part.type === undefined) return part.text === undefined ? children(part, depth) : part.text;
  // The source of the formula, for other programs: the copy button gives the whole answer's.
  if (part.type === 'annotation') return null;
  if (!ELEMENTS.has(part.type)) return children(part, depth);
  const attributes = Object.entries(part.attributes ?? {}).filter(([name]) => ATTRIBUTES.has(name));
  const variant = part.attributes?.['mathvariant'];
  const content = variant !== undefined && variant in LETTERS ? styled(variant, textOf(part)) : children(part, depth);
  return createElement(part.type, { key, ...Object.fromEntries(attributes) }, content);
}

function children(part: Part, depth: number): ReactNode {
  return part.children?.map((child, i) => build(child, depth + 1, i));
}

function textOf(part: Part): string {
  return part.text ?? (part.children ?? []).map(textOf).join('');
}

/** First upper-case letter, lower-case letter and digit of each alphabet in Unicode; browsers no longer do it by attribute. */
const LETTERS: Record<string, [number, number, number?]> = {
  bold: [0x1d400, 0x1d41a, 0x1d7ce],
  'bold-italic': [0x1d468, 0x1d482],
  script: [0x1d49c, 0x1d4b6],
  fraktur: [0x1d504, 0x1d51e],
  'double-struck': [0x1d538, 0x1d552, 0x1d7d8],
};

/** Letters that had a place of their own before the alphabets came. */
const EXCEPTIONS: Record<string, Record<string, string>> = {
  'double-struck': { C: 'ℂ', H: 'ℍ', N: 'ℕ', P: 'ℙ', Q: 'ℚ', R: 'ℝ', Z: 'ℤ' },
  script: { B: 'ℬ', E: 'ℰ', F: 'ℱ', H: 'ℋ', I: 'ℐ', L: 'ℒ', M: 'ℳ', R: 'ℛ', e: 'ℯ', g: 'ℊ', o: 'ℴ' },
  fraktur: { C: 'ℭ', H: 'ℌ', I: 'ℑ', R: 'ℜ', Z: 'ℨ' },
};

function styled(variant: string, text: string): string {
  const [upper, lower, digit] = LETTERS[variant] ?? [0, 0];
  return Array.from(text)
    .map((letter) => {
      const exception = EXCEPTIONS[variant]?.[letter];
      if (exception !== undefined) return exception;
      if (/[A-Z]/.test(letter)) return String.fromCodePoint(upper + letter.charCodeAt(0) - 65);
      if (/[a-z]/.test(letter)) return String.fromCodePoint(lower + letter.charCodeAt(0) - 97);
      if (digit !== undefined && /\d/.test(letter)) return String.fromCodePoint(digit + Number(letter));
      return letter;
    })
    .join('');
}
