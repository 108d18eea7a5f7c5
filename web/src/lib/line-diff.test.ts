import { describe, expect, it } from 'vitest';
import { lineDiff } from './line-diff';

const marks = (before: string, after: string) => lineDiff(before, after).map(({ kind, text }) => `${{ same: ' ', old: '-', new: '+' }[kind]}${text}`);

describe('lineDiff', () => {
  it('tells what went and what came, in order', () => {
    expect(marks('a\nb\nc', 'a\nx\nc')).toEqual([' a', '-b', '+x', ' c']);
    expect(marks('a\nb', 'a\nb')).toEqual([' a', ' b']);
    expect(marks('a', 'a\nb')).toEqual([' a', '+b']);
    expect(marks('a\nb', 'b')).toEqual(['-a', ' b']);
  });

  it('compares very long texts as a whole', () => {
    const long = 'x\n'.repeat(2_000);
    expect(lineDiff(long, long).every((line) => line.kind === 'same')).toBe(true);
    expect(lineDiff(long, `${long}y`).some((line) => line.kind === 'new')).toBe(true);
  });
});
