import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, query } from '../../api/client';
import type { Attempt, Batch, BatchMember, DeadCause, DeadLetter, LogLine, Page, Replayed, Task } from '../../api/types';
import { mayGoOn } from './state-of';

const AT_ONCE = 50;
/** As many as one looks through beside something else. */
const FEW = 12;
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

/** `dlq` also gives operators those of others. */
type Where = 'tasks' | 'dlq';

export function attemptsQuery(id: string, where: Where, active: boolean) {
  return queryOptions({
    queryKey: ['attempts', id],
    queryFn: ({ signal }) => api.get<Page<Attempt>>(`/${where}/${id}/attempts`, signal),
    refetchInterval: active ? 2_000 : false,
  });
}

/** What its attempts have told about their work, oldest first. */
export function logQuery(id: string, active: boolean) {
  return queryOptions({
    queryKey: ['task-log', id],
    queryFn: ({ signal }) => api.get<Page<LogLine>>(`/tasks/${id}/log`, signal),
    refetchInterval: active ? 2_000 : false,
  });
}

/** What follows a task, whether it still waits for it or not; the oldest first. */
export function followersQuery(id: string, open: boolean) {
  return infiniteQueryOptions({
    queryKey: ['followers', id],
    queryFn: ({ pageParam, signal }) => api.get<Page<Task>>(`/tasks${query({ after: id, sort: 'created', limit: FEW, cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    // When it has ended, they begin.
    refetchInterval: (q) => (open || (q.state.data?.pages.some((page) => page.items.some(mayGoOn)) ?? false) ? EVERY_MS : false),
  });
}

export function batchQuery(id: string) {
  return queryOptions({
    queryKey: ['batch', id],
    queryFn: ({ signal }) => api.get<Batch>(`/tasks/batches/${id}`, signal),
    refetchInterval: (q) => (q.state.data?.completed_at == null ? 2_000 : false),
  });
}

/** The tasks of a batch in the order in which they were given, each with its name there. */
export function batchMembersQuery(id: string) {
  return infiniteQueryOptions({
    queryKey: ['batch', id, 'tasks'],
    queryFn: ({ pageParam, signal }) => api.get<Page<BatchMember>>(`/tasks/batches/${id}/tasks${query({ limit: AT_ONCE, cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: EVERY_MS,
  });
}

export function useCancelBatch() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete<Batch>(`/tasks/batches/${id}`),
    onSettled: (_, __, id) => client.invalidateQueries({ queryKey: ['batch', id] }),
  });
}

/** Each time that a task was sent back to work, with the input as it was before. */
export function replaysQuery(id: string, where: Where) {
  return queryOptions({
    queryKey: ['replays', id],
    queryFn: ({ signal }) => api.get<Page<Replayed>>(`/${where}/${id}/replays`, signal),
  });
}

export const causesQuery = queryOptions({
  queryKey: ['dead-letters', 'causes'],
  queryFn: ({ signal }) => api.get<Page<DeadCause>>('/dlq/causes', signal),
  refetchInterval: EVERY_MS,
});

export function deadLettersQuery(fingerprint: string) {
  return infiniteQueryOptions({
    queryKey: ['dead-letters', 'of', fingerprint],
    queryFn: ({ pageParam, signal }) => api.get<Page<DeadLetter>>(`/dlq${query({ fingerprint, limit: AT_ONCE, cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: EVERY_MS,
  });
}

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

export type Bulk = 'retry' | 'dismiss';

/** How many a bulk act would meet; nothing is done. */
export function countQuery(act: Bulk, fingerprint: string, enabled: boolean) {
  return queryOptions({
    queryKey: ['dead-letters', 'count', act, fingerprint],
    queryFn: () => api.post<{ matched: number; waiting?: number }>(`/dlq/${act}`, { body: { fingerprint, dry_run: true } }),
    enabled,
    staleTime: 0,
  });
}

export function useBulk(act: Bulk) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (fingerprint: string) => api.post<{ replayed?: number; dismissed?: number }>(`/dlq/${act}`, { body: { fingerprint } }),
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
