import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import { api, askWhose, holdsSession, keepSession, leaveSession } from './client';
import { enterAccount, knownAccount, leaveAccount } from '../lib/account';
import { OfflineError, SignedOutError } from './problem';
import type { User } from './types';

/** Who is signed in; null: nobody. */
export const sessionQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }): Promise<User | null> => {
    if (!holdsSession()) return null;
    try {
      const me = await api.get<User>('/me', signal);
      meet(me);
      return me;
    } catch (error) {
      if (error instanceof SignedOutError) return null;
      // Without a network the pages open for whoever was here last: they hold that person's session.
      const last = error instanceof OfflineError ? (knownAccount() as User | undefined) : undefined;
      if (last !== undefined) {
        meet(last);
        return last;
      }
      throw error;
    }
  },
  staleTime: 5 * 60_000,
});

/** Returns whether the page is this person's. */
function meet(user: User): boolean {
  const changed = enterAccount(user);
  if (changed) {
    // Somebody else has signed in here: nothing of the open page may stay, and nothing of it may be sent.
    leaveSession();
    window.location.assign('/');
  } else {
    keepSession();
  }
  return !changed;
}

askWhose(async () => meet(await api.get<User>('/me')));

/** Somebody has signed in. */
export function signedIn(client: QueryClient, user: User): void {
  meet(user);
  client.setQueryData(sessionQuery.queryKey, user);
}

/** Whoever was here has left: nothing of theirs stays in the browser. */
export function signedOut(client: QueryClient): void {
  client.setQueryData(sessionQuery.queryKey, null);
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionQuery.queryKey[0] });
  leaveAccount();
}

const RANKS = { viewer: 0, user: 1, operator: 2, admin: 3 } as const;

/** Whether the signed-in person has at least this role. */
export function useRole(atLeast: keyof typeof RANKS): boolean {
  const { data } = useQuery(sessionQuery);
  return data !== null && data !== undefined && RANKS[data.role] >= RANKS[atLeast];
}
