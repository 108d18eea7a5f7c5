/** A small value that this browser remembers; storage that is full or forbidden loses it, and nothing else. */
export function remember(name: string, value: string | undefined): void {
  try {
    if (value === undefined || value === '') localStorage.removeItem(`steward.${name}`);
    else localStorage.setItem(`steward.${name}`, value);
  } catch {
    // Remembering is a convenience.
  }
}

export function recall(name: string): string | undefined {
  try {
    return localStorage.getItem(`steward.${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}
