/** A message that the server has not confirmed yet. The key makes sending it again harmless. */
export interface Unsent {
  key: string;
  conversation: string;
  /** Set when the conversation itself may not exist yet: it is made under this key first. */
  isNew: boolean;
  message: string;
  agent: string | undefined;
  /** Milliseconds since 1970. */
  written: number;
}

const SLOT = 'steward.outbox';
const listeners = new Set<() => void>();
let cached: readonly Unsent[] | undefined;

/** Messages that wait to be sent, oldest first. Kept in the browser: a reload or a crash loses none. */
export const outbox = {
  all: (): readonly Unsent[] => (cached ??= load()),
  put: (item: Unsent): void => save([...outbox.all().filter((other) => other.key !== item.key), item]),
  remove: (key: string): void => save(outbox.all().filter((item) => item.key !== key)),
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

function load(): readonly Unsent[] {
  try {
    return JSON.parse(localStorage.getItem(SLOT) ?? '[]') as Unsent[];
  } catch {
    return [];
  }
}

function save(items: readonly Unsent[]): void {
  cached = items;
  localStorage.setItem(SLOT, JSON.stringify(items));
  listeners.forEach((listener) => listener());
}

// Another tab of the same person has sent or written something.
window.addEventListener('storage', (event) => {
  if (event.key === SLOT) {
    cached = undefined;
    listeners.forEach((listener) => listener());
  }
});
