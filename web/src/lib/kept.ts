/**
 * Copies of what a person has read, in a database of the browser, for reading without a network. One database for each
 * account; nothing in here is ever the only copy.
 */
const PREFIX = 'steward-of-';
const STORE = 'copies';
/** Copies that are kept, two for each conversation; the ones made longest ago go first. */
const KEPT_MAX = 101;

interface Copy {
  name: string;
  data: unknown;
  /** Milliseconds since 1970. */
  at: number;
}

/** Whether this browser can keep copies at all. */
function available(): boolean {
  return typeof indexedDB !== 'undefined';
}

function open(account: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(PREFIX + account, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'name' }).createIndex('at', 'at');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('no database'));
    request.onblocked = () => reject(new Error('blocked'));
  });
}

async function within<T>(account: string, mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open(account);
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error ?? new Error('not kept'));
      transaction.onabort = () => reject(transaction.error ?? new Error('not kept'));
    });
  } finally {
    database.close();
  }
}

/** Keeps a copy. Full or forbidden storage loses it, and nothing else. */
export async function keep(account: string | undefined, name: string, data: unknown): Promise<void> {
  if (account === undefined || !available()) return;
  try {
    await within(account, 'readwrite', (store) => store.put({ name, data, at: Date.now() } satisfies Copy));
    const names = await within(account, 'readonly', (store) => store.index('at').getAllKeys());
    for (const old of names.slice(0, Math.max(0, names.length - KEPT_MAX))) await within(account, 'readwrite', (store) => store.delete(old));
  } catch {
    // A copy is a convenience.
  }
}

/** The copy of this name, if there is one. */
export async function kept<T>(account: string | undefined, name: string): Promise<T | undefined> {
  if (account === undefined || !available()) return undefined;
  try {
    const copy = await within<Copy | undefined>(account, 'readonly', (store) => store.get(name) as IDBRequest<Copy | undefined>);
    return copy?.data as T | undefined;
  } catch {
    return undefined;
  }
}

/** Removes the copies of every account. */
export async function forgetEverything(): Promise<void> {
  if (!available()) return;
  try {
    for (const { name } of await indexedDB.databases()) if (name?.startsWith(PREFIX) === true) indexedDB.deleteDatabase(name);
  } catch {
    // There is nothing to forget where nothing can be listed.
  }
}
