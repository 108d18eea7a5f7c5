import { OfflineError, ProblemError, readProblem, SignedOutError } from './problem';

const BASE = '/api/v1';
let csrfCookies = ['__Host-steward_csrf', 'steward_csrf'];
let framed = false;

/** Speaks from a frame in another site from now on: with cookies of its own, which browsers keep apart for that site. */
export function actAsFrame(): void {
  framed = true;
  csrfCookies = ['__Host-steward_frame_csrf', 'steward_frame_csrf'];
}

/** A request that nobody answers is given up after this long, in milliseconds. */
const PATIENCE_MS = 30_000;

export interface RequestOptions {
  body?: unknown;
  /** Sent as `Idempotency-Key`: the same key never acts twice. */
  key?: string;
  signal?: AbortSignal | undefined;
  /** Sent as `Last-Event-ID`. */
  lastEventId?: number;
}

const whenSignedOut = new Set<() => void>();
let refreshing: Promise<boolean> | undefined;

/** Names the session that this page is for, as long as its account is known: each session has one token. */
let mine: string | undefined;
let left = false;
let whose: (() => Promise<boolean>) | undefined;

/** The session of this moment is that of the person whose page this is. */
export function keepSession(): void {
  mine = csrfToken();
}

/** The page belongs to nobody any more and is about to go: it changes nothing from now on. */
export function leaveSession(): void {
  left = true;
}

/** Asks this whenever the browser has a session that the page does not know: whether it is the same person's. */
export function askWhose(question: () => Promise<boolean>): void {
  whose = question;
}

/** Calls back when a request finds that the session is over. Returns how to stop that. */
export function onSignedOut(listener: () => void): () => void {
  whenSignedOut.add(listener);
  return () => whenSignedOut.delete(listener);
}

/** Whether this browser holds a session that may still be good: its cookies last as long as the session does. */
export function holdsSession(): boolean {
  return csrfToken() !== undefined;
}

function csrfToken(): string | undefined {
  for (const part of document.cookie.split('; ')) {
    const at = part.indexOf('=');
    if (csrfCookies.includes(part.slice(0, at))) return decodeURIComponent(part.slice(at + 1));
  }
  return undefined;
}

async function send(method: string, path: string, options: RequestOptions, accept: string, patient: boolean): Promise<Response> {
  const headers: Record<string, string> = { Accept: accept };
  // Bound to the session: where another one has come meanwhile, the server refuses what was meant for this one.
  const token = belongsToNobody(path) ? csrfToken() : (mine ?? csrfToken());
  if (token !== undefined && method !== 'GET') headers['X-CSRF-Token'] = token;
  // What the server says in words, it says in the language of the page.
  if (document.documentElement.lang !== '') headers['Accept-Language'] = document.documentElement.lang;
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (framed) headers['X-Steward-Frame'] = 'widget';
  if (options.lastEventId !== undefined) headers['Last-Event-ID'] = String(options.lastEventId);
  if (options.key !== undefined) headers['Idempotency-Key'] = options.key;
  const limits = [options.signal, patient ? AbortSignal.timeout(PATIENCE_MS) : undefined].filter((s) => s !== undefined);
  try {
    return await fetch(path.startsWith('/health') ? path : BASE + path, {
      method,
      headers,
      credentials: 'same-origin',
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(limits.length === 0 ? {} : { signal: AbortSignal.any(limits) }),
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new OfflineError({ cause: error });
  }
}

/** One refresh at a time; everyone who found the session expired waits for it. */
function refresh(): Promise<boolean> {
  refreshing ??= send('POST', '/auth/refresh', {}, 'application/json', true)
    .then((response) => response.ok)
    .finally(() => {
      refreshing = undefined;
    });
  return refreshing;
}

function belongsToNobody(path: string): boolean {
  return path === '/auth' || path.startsWith('/auth/');
}

/**
 * What one person wrote is never sent in the session of another who has signed in meanwhile, here or in another tab.
 *
 * @throws SignedOutError the page is not that person's
 */
async function stillMine(method: string, path: string): Promise<void> {
  if (method === 'GET' || belongsToNobody(path)) return;
  const token = csrfToken();
  const known = mine === undefined || token === undefined || token === mine;
  if (left || !(known || (await whose?.()) === true)) throw new SignedOutError();
}

async function sendSignedIn(method: string, path: string, options: RequestOptions, accept: string, patient: boolean): Promise<Response> {
  await stillMine(method, path);
  const response = await send(method, path, options, accept, patient);
  if (response.status !== 401 || belongsToNobody(path)) return response;
  if (await refresh()) {
    await stillMine(method, path);
    return send(method, path, options, accept, patient);
  }
  whenSignedOut.forEach((listener) => listener());
  throw new SignedOutError();
}

async function call<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  const response = await sendSignedIn(method, path, options, 'application/json', true);
  if (!response.ok) throw new ProblemError(await readProblem(response));
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** Steward's API, for the person who is signed in by cookie. Rejects with one of the errors of `problem.ts`. */
export const api = {
  get: <T>(path: string, signal?: AbortSignal) => call<T>('GET', path, { signal }),
  post: <T>(path: string, options?: RequestOptions) => call<T>('POST', path, options),
  put: <T>(path: string, body: unknown) => call<T>('PUT', path, { body }),
  patch: <T>(path: string, body: unknown) => call<T>('PATCH', path, { body }),
  delete: <T = undefined>(path: string) => call<T>('DELETE', path),

  /** Opens an event stream; its body is read by the caller. `lastEventId` 0 is the beginning. */
  async events(path: string, lastEventId: number, signal: AbortSignal): Promise<Response> {
    const from = lastEventId > 0 ? { lastEventId } : {};
    const response = await sendSignedIn('GET', path, { signal, ...from }, 'text/event-stream', false);
    if (!response.ok) throw new ProblemError(await readProblem(response));
    return response;
  },

  /** Like `get`, but a report that says "not well" (503) is an answer too. */
  async health<T>(path: string): Promise<T> {
    const response = await send('GET', path, {}, 'application/json', true);
    return (await response.json()) as T;
  },
};

/** A query string of what is set. */
export function query(parameters: Record<string, string | number | boolean | undefined | null>): string {
  const set = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return set.length === 0 ? '' : `?${new URLSearchParams(set.map(([name, value]) => [name, String(value)])).toString()}`;
}
