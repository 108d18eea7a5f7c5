import { useEffect, useSyncExternalStore } from 'react';

/** What a person can have done by a key or from the palette, besides going somewhere. */
export const COMMANDS = ['palette', 'shortcuts', 'search', 'new-chat', 'write', 'newest', 'stop', 'regenerate', 'copy-answer', 'agent'] as const;

export type Command = (typeof COMMANDS)[number];

const offers = new Map<Command, (argument: string) => void>();
const listeners = new Set<() => void>();
let offered: ReadonlySet<Command> = new Set();

function changed(): void {
  offered = new Set(offers.keys());
  listeners.forEach((listener) => listener());
}

/** Offers to do something for as long as the component is shown; undefined: not now. */
export function useCommand(command: Command, run: ((argument: string) => void) | undefined): void {
  useEffect(() => {
    if (run === undefined) return;
    offers.set(command, run);
    changed();
    return () => {
      if (offers.get(command) !== run) return;
      offers.delete(command);
      changed();
    };
  }, [command, run]);
}

/** Whether somebody did it. */
export function runCommand(command: Command, argument = ''): boolean {
  const run = offers.get(command);
  run?.(argument);
  return run !== undefined;
}

/** What can be done just now. */
export function useOffered(): ReadonlySet<Command> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => offered,
  );
}
