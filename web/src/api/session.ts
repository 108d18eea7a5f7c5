import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, holdsSession } from './client';
import { SignedOutError } from './problem';
import type { User } from './types';

/** Who is signed in; null: nobody. */
export const sessionQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }): Promise<User | null> => {
    if (!holdsSession()) return null;
    try {
      return await api.get<User>('/me', signal);
    } catch (error) {
      if (error instanceof SignedOutError) return null;
      throw error;
    }
  },
  staleTime: 5 * 60_000,
});

const RANKS = { viewer: 0, user: 1, operator: 2, admin: 3 } as const;

/** Whether the signed-in person has at least this role. */
export function useRole(atLeast: keyof typeof RANKS): boolean {
  const { data } = useQuery(sessionQuery);
  return data !== null && data !== undefined && RANKS[data.role] >= RANKS[atLeast];
}
