import type { InfiniteData } from '@tanstack/react-query';
import type { Page, Turn } from '../../api/types';

type Pages = InfiniteData<Page<Turn>, string>;

/** The first page is split when it has grown to this many turns: pages are what is drawn together. */
const PAGE_MAX = 60;
const PAGE = 30;

/** What was read of a branch, with its newest page as it is now. Where the two don't meet, only the newest is sure. */
export function mergeNewest(before: Pages | undefined, newest: Page<Turn>): Pages {
  const alone = { pages: [newest], pageParams: [''] };
  if (before === undefined) return alone;
  const read = before.pages.flatMap((page) => page.items);
  const fresh = new Set(newest.items.map((turn) => turn.id));
  // The branch leads from turn to turn; it is the same one where the older part goes on from the newer.
  const oldest = newest.items.at(-1);
  const meets = oldest === undefined ? -1 : read.findIndex((turn) => turn.id === oldest.id || turn.id === oldest.parent);
  if (meets < 0) return alone;
  const older = read.slice(meets).filter((turn) => !fresh.has(turn.id));
  const untouched = before.pages.findIndex((page) => page.items.some((turn) => turn.id === older[0]?.id));
  if (older.length === 0 || untouched < 0) return alone;
  const partial = before.pages[untouched];
  const rest = partial?.items.filter((turn) => !fresh.has(turn.id) && older.includes(turn)) ?? [];
  const first = [...newest.items, ...rest];
  const pages = first.length > PAGE_MAX ? [first.slice(0, PAGE), first.slice(PAGE)] : [first];
  const tail = before.pages.slice(untouched + 1);
  const end = before.pages.at(-1)?.next_cursor ?? null;
  const joined = [...pages.map((items) => ({ items, next_cursor: end })), ...tail];
  return { pages: joined, pageParams: joined.map((_, i) => (i === 0 ? '' : (before.pageParams[i] ?? 'before'))) };
}
