import { describe, expect, it } from 'vitest';
import type { Page, Turn } from '../../api/types';
import { mergeNewest } from './turn-pages';

/** Turns `from` down to `to`, each after the one before. */
function page(from: number, to: number, status = 'completed'): Page<Turn> {
  const items = Array.from({ length: from - to + 1 }, (_, i) => ({ id: `t${from - i}`, parent: `t${from - i - 1}`, status }) as unknown as Turn);
  return { items, next_cursor: to > 1 ? `c${to}` : null };
}

function all(...pages: Page<Turn>[]) {
  return { pages, pageParams: pages.map((_, i): string => (i === 0 ? '' : 'x')) };
}

function ids(pages: { pages: Page<Turn>[] }): string[] {
  return pages.pages.flatMap((one) => one.items.map((turn) => turn.id));
}

describe('mergeNewest', () => {
  it('puts new turns before what was read, each once, the newer state winning', () => {
    const merged = mergeNewest(all(page(40, 11, 'running'), page(10, 1)), page(42, 13));
    expect(ids(merged)).toEqual(Array.from({ length: 42 }, (_, i) => `t${42 - i}`));
    expect(merged.pages[0]?.items[2]?.status).toBe('completed');
    expect(merged.pages.at(-1)?.next_cursor).toBeNull();
  });

  it('keeps pages that it does not touch as they are, so that they are not drawn anew', () => {
    const old = page(10, 1);
    expect(mergeNewest(all(page(40, 11), old), page(41, 12)).pages.at(-1)).toBe(old);
  });

  it('begins anew where the branch is another one', () => {
    const other = { items: [{ id: 'x2', parent: 'x1' } as unknown as Turn], next_cursor: null };
    expect(ids(mergeNewest(all(page(40, 11)), other))).toEqual(['x2']);
  });

  it('joins where only the parent of the oldest new turn was read', () => {
    expect(ids(mergeNewest(all(page(5, 1)), page(8, 6)))).toEqual(['t8', 't7', 't6', 't5', 't4', 't3', 't2', 't1']);
  });

  it('splits a page that has grown, so that what is drawn together stays small', () => {
    let pages = all(page(30, 1));
    for (let newest = 31; newest <= 120; newest++) pages = mergeNewest(pages, page(newest, newest - 29));
    expect(ids(pages)).toHaveLength(120);
    expect(Math.max(...pages.pages.map((one) => one.items.length))).toBeLessThanOrEqual(60);
  });

  it('goes on from the end of the longer one', () => {
    expect(mergeNewest(all(page(30, 11)), page(31, 2)).pages.at(-1)?.next_cursor).toBe('c2');
  });
});
