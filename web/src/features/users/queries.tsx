import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, query } from '../../api/client';
import type { Page, Session, User } from '../../api/types';

const AT_ONCE = 50;

export function usersQuery(filter: { q: string; role: string }) {
  return infiniteQueryOptions({
    queryKey: ['users', filter],
    queryFn: ({ pageParam, signal }) => api.get<Page<User>>(`/users${query({ ...filter, limit: AT_ONCE, cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function userQuery(id: string) {
  return queryOptions({ queryKey: ['users', 'one', id], queryFn: ({ signal }) => api.get<User>(`/users/${id}`, signal) });
}

export function userSessionsQuery(id: string) {
  return queryOptions({ queryKey: ['users', 'sessions', id], queryFn: ({ signal }) => api.get<Page<Session>>(`/users/${id}/sessions?limit=100`, signal) });
}

function useRefresh() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ['users'] });
}

export function useChangeUser(id: string) {
  return useMutation({ mutationFn: (change: Partial<Pick<User, 'role' | 'active'>>) => api.patch<User>(`/users/${id}`, change), onSettled: useRefresh() });
}

export function useSignOutUser(id: string) {
  return useMutation({ mutationFn: () => api.delete(`/users/${id}/sessions`), onSettled: useRefresh() });
}

export function useResetPassword(id: string) {
  return useMutation({ mutationFn: (password: string) => api.put(`/users/${id}/password`, { new_password: password }), onSettled: useRefresh() });
}
