import { useSyncExternalStore } from 'react';
import { TRY_NOW } from './backoff';

/** How often an open page asks whether the server has newer pages, in milliseconds. */
const EVERY_MS = 15 * 60_000;
const AT_MOST_EVERY_MS = 60_000;

const ENTRY = /<script type="module"[^>]* src="(\/assets\/[^"]+)"/;
const listeners = new Set<() => void>();
let newer = false;
let asked = 0;

function found(): void {
  newer = true;
  listeners.forEach((listener) => listener());
}

/** The pages that this one came from name their first script, whose name changes with every build. */
async function ask(force: boolean): Promise<void> {
  const mine = document.querySelector<HTMLScriptElement>('script[type=module][src^="/assets/"]')?.getAttribute('src');
  if (newer || mine == null || (!force && Date.now() - asked < AT_MOST_EVERY_MS)) return;
  asked = Date.now();
  try {
    const response = await fetch('/', { headers: { Accept: 'text/html' }, cache: 'no-store' });
    const now = ENTRY.exec(await response.text())?.[1];
    if (response.ok && now !== undefined && now !== mine) found();
  } catch {
    // Nobody answers: whoever does later is asked again.
  }
}

/** Begins to look for newer pages than this one. */
export function watchForNewVersion(): void {
  setInterval(() => void ask(true), EVERY_MS);
  window.addEventListener('online', () => void ask(true));
  window.addEventListener(TRY_NOW, () => void ask(true));
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void ask(false);
  });
  // A part of this page that is fetched late is gone: the server has other pages now.
  window.addEventListener('vite:preloadError', () => void ask(true));
}

/** Whether the server has newer pages than the one that is open. */
export function useNewVersion(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => newer,
  );
}
