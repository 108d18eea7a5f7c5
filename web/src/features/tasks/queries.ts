import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, query } from '../../api/client';
import type { Attempt, DeadLetter, Page, Task } from '../../api/types';

const AT_ONCE = 50;
const EVERY_MS = 5_000;

export interface Filter {
  status?: string | undefined;
  type?: string | undefined;
}

export function tasksQuery(filter: Filter) {
  return infiniteQueryOptions({
    queryKey: ['tasks', filter],
    queryFn: ({ pageParam, signal }) => api.get<Page<Task>>(`/tasks${query({ ...filter, sort: '-created', limit: AT_ONCE, cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: EVERY_MS,
  });
}

export function taskQuery(id: string) {
  return queryOptions({
    queryKey: ['task', id],
    queryFn: ({ signal }) => api.get<Task>(`/tasks/${id}`, signal),
    refetchInterval: (q) => (q.state.data?.status === 'pending' || q.state.data?.status === 'running' ? 1_000 : false),
  });
}

export function attemptsQuery(id: string) {
  return queryOptions({
    queryKey: ['attempts', id],
    queryFn: ({ signal }) => api.get<Page<Attempt>>(`/tasks/${id}/attempts`, signal),
  });
}

export const deadLettersQuery = infiniteQueryOptions({
  queryKey: ['dead-letters'],
  queryFn: ({ pageParam, signal }) => api.get<Page<DeadLetter>>(`/dlq${query({ limit: AT_ONCE, cursor: pageParam })}`, signal),
  initialPageParam: '',
  getNextPageParam: (page) => page.next_cursor,
  refetchInterval: EVERY_MS,
});

export function useCancelTask() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete<Task>(`/tasks/${id}`),
    onSettled: (_, __, id) => {
      void client.invalidateQueries({ queryKey: ['tasks'] });
      void client.invalidateQueries({ queryKey: ['task', id] });
    },
  });
}

export interface Replay {
  id: string;
  input?: unknown;
  reason?: string | undefined;
}

export function useReplay() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: Replay) => api.post<Task>(`/dlq/${id}/retry`, { body }),
    onSettled: () => client.invalidateQueries({ queryKey: ['dead-letters'] }),
  });
}

export function useReplayAll() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (fingerprint: string) => api.post<{ matched: number; replayed: number }>('/dlq/retry', { body: { fingerprint } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['dead-letters'] }),
  });
}

export function useDismiss() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete(`/dlq/${id}`),
    onSettled: () => client.invalidateQueries({ queryKey: ['dead-letters'] }),
  });
}
