import { describe, expect, it } from 'vitest';
import { splitBlocks } from './markdown-blocks';

const texts = (markdown: string) => splitBlocks(markdown).map((block) => block.text);

describe('splitBlocks', () => {
  it('cuts at blank lines', () => {
    expect(texts('one\nstill one\n\ntwo')).toEqual(['one\nstill one\n', 'two']);
  });

  it('keeps code whole', () => {
    expect(texts('```js\na\n\nb\n```\n\nafter')).toEqual(['```js\na\n\nb\n```\n', 'after']);
  });

  it('keeps what is indented with its list', () => {
    expect(texts('- a\n\n  more of a\n- b')).toEqual(['- a\n\n  more of a\n- b']);
  });

  it('gives unclosed code by itself', () => {
    expect(splitBlocks('text\n\n```py\nprint(1)')).toEqual([{ text: 'text\n' }, { text: 'print(1)', openFence: 'py' }]);
  });

  it('is not ended by a shorter fence or one with a language', () => {
    expect(texts('````\n```\n```js\n````')).toEqual(['````\n```\n```js\n````']);
  });

  it('goes on with a long table under the same head', () => {
    const rows = Array.from({ length: 500 }, (_, i) => `| ${i} | of five hundred rows |`);
    const parts = texts(['Before:', '| n | what |', '|--:|:-----|', ...rows, '', 'after'].join('\n'));
    expect(parts.length).toBeGreaterThan(2);
    expect(parts[0]).toContain('Before:\n| n | what |\n|--:|:-----|\n| 0 |');
    for (const part of parts.slice(1, -1)) expect(part).toMatch(/^\| n \| what \|\n\|--:\|:-----\|\n\| \d/);
    expect(parts.join('\n').split('\n').filter((line) => / of /.test(line))).toEqual(rows);
    expect(parts.at(-1)).toBe('after');
  });

  it('leaves a long table of a list item whole', () => {
    const item = ['- a', '  | n |', '  |---|', ...Array.from({ length: 2_000 }, (_, i) => `  | ${i} |`)].join('\n');
    expect(texts(item)).toEqual([item]);
  });

  it('loses nothing of a text of 200 kB', () => {
    const long = 'word **bold** `code`\n\n'.repeat(9_000);
    expect(texts(long).join('\n').replaceAll('\n', '')).toBe(long.replaceAll('\n', ''));
  });
});
