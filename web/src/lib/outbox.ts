import { personal } from './account';

/** A message that the server has not confirmed yet. The key makes sending it again harmless. */
export interface Unsent {
  key: string;
  conversation: string;
  /** Set when the conversation itself may not exist yet: it is made under this key first. */
  isNew: boolean;
  message: string;
  agent: string | undefined;
  /** The turn that it follows, where that is not the newest. */
  after?: string | undefined;
  /** The turn whose message it replaces. */
  edits?: string | undefined;
  /** Milliseconds since 1970. */
  written: number;
}

const SLOT = 'outbox';
const listeners = new Set<() => void>();
let cached: { of: string; items: readonly Unsent[] } | undefined;

/** Messages of the signed-in person that wait to be sent, oldest first. Kept in the browser: a reload or a crash loses none. */
export const outbox = {
  all: (): readonly Unsent[] => {
    const of = personal(SLOT);
    if (cached?.of !== of) cached = { of, items: load(of) };
    return cached.items;
  },
  put: (item: Unsent): void => save([...outbox.all().filter((other) => other.key !== item.key), item]),
  remove: (key: string): void => save(outbox.all().filter((item) => item.key !== key)),
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

function load(slot: string): readonly Unsent[] {
  try {
    return JSON.parse(localStorage.getItem(slot) ?? '[]') as Unsent[];
  } catch {
    return [];
  }
}

function save(items: readonly Unsent[]): void {
  const of = personal(SLOT);
  cached = { of, items };
  try {
    localStorage.setItem(of, JSON.stringify(items));
  } catch {
    // Storage that is full or forbidden: the messages live as long as the page does.
  }
  listeners.forEach((listener) => listener());
}

// Another tab of the same person has sent or written something.
window.addEventListener('storage', (event) => {
  if (event.key === personal(SLOT) || event.key === null) {
    cached = undefined;
    listeners.forEach((listener) => listener());
  }
});
