import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client';
import { signedIn } from '../../api/session';
import type { SessionView } from '../../api/types';

export interface Doors {
  first_account: boolean;
  registration: 'open' | 'closed';
}

/** Whether this server waits for its first account, and who else may register. */
export const doorsQuery = queryOptions({
  queryKey: ['doors'],
  queryFn: ({ signal }) => api.get<Doors>('/auth', signal),
  staleTime: 60_000,
});

export interface Credentials {
  email: string;
  password: string;
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (credentials: Credentials) => api.post<SessionView>('/auth/login', { body: credentials }),
    onSuccess: ({ user }) => signedIn(client, user),
  });
}

export function useRegister() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (account: Credentials & { display_name: string }) => api.post<SessionView>('/auth/register', { body: account }),
    onSuccess: ({ user }) => {
      // Who sets a server up is shown round first.
      if (client.getQueryData(doorsQuery.queryKey)?.first_account === true) window.history.replaceState(null, '', '/welcome');
      signedIn(client, user);
      void client.invalidateQueries({ queryKey: doorsQuery.queryKey });
    },
  });
}
