import { useSyncExternalStore } from 'react';
import { personal } from './account';

const CHANGED = 'steward:remembered';

/** A small value that this browser remembers; storage that is full or forbidden loses it, and nothing else. */
export function remember(name: string, value: string | undefined): void {
  write(`steward.${name}`, value);
}

export function recall(name: string): string | undefined {
  return read(`steward.${name}`);
}

/** The same for a value of the signed-in person alone. */
export function rememberMine(name: string, value: string | undefined): void {
  write(personal(name), value);
}

export function recallMine(name: string): string | undefined {
  return read(personal(name));
}

/** What the signed-in person's value is now, whichever tab wrote it. */
export function useMine(name: string): string | undefined {
  return useSyncExternalStore(subscribe, () => recallMine(name));
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('storage', listener);
  window.addEventListener(CHANGED, listener);
  return () => {
    window.removeEventListener('storage', listener);
    window.removeEventListener(CHANGED, listener);
  };
}

function write(name: string, value: string | undefined): void {
  try {
    if (value === undefined || value === '') localStorage.removeItem(name);
    else localStorage.setItem(name, value);
    window.dispatchEvent(new Event(CHANGED));
  } catch {
    // Remembering is a convenience.
  }
}

function read(name: string): string | undefined {
  try {
    return localStorage.getItem(name) ?? undefined;
  } catch {
    return undefined;
  }
}
