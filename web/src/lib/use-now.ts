import { useSyncExternalStore } from 'react';

const STEP_MS = 10_000;
let now = Date.now();

function subscribe(listener: () => void): () => void {
  const timer = setInterval(() => {
    now = Date.now();
    listener();
  }, STEP_MS);
  return () => clearInterval(timer);
}

/** The time in milliseconds since 1970, as fresh as texts like "a minute ago" need it. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
