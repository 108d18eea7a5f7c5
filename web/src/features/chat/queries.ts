import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, query } from '../../api/client';
import type { Agent, Conversation, Model, Page, Turn } from '../../api/types';
import { newKey } from '../../lib/keys';

const CONVERSATIONS_AT_ONCE = 60;
const TURNS_AT_ONCE = 30;

export function conversationsQuery(archived: boolean) {
  return infiniteQueryOptions({
    queryKey: ['conversations', { archived }],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Conversation>>(`/conversations${query({ sort: '-updated', limit: CONVERSATIONS_AT_ONCE, archived, cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function conversationQuery(id: string) {
  return queryOptions({
    queryKey: ['conversation', id],
    queryFn: ({ signal }) => api.get<Conversation>(`/conversations/${id}`, signal),
  });
}

/** Newest first, a page at a time: a long conversation opens as fast as a short one. */
export function turnsQuery(conversation: string) {
  return infiniteQueryOptions({
    queryKey: ['turns', conversation],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Turn>>(`/conversations/${conversation}/turns${query({ sort: '-created', limit: TURNS_AT_ONCE, cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  });
}

export const agentsQuery = queryOptions({
  queryKey: ['agents'],
  queryFn: ({ signal }) => api.get<Page<Agent>>('/agents', signal),
  staleTime: 60_000,
});

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => api.get<Page<Model>>('/models', signal),
  staleTime: 15_000,
});

export function useChangeConversation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...change }: { id: string } & Partial<Pick<Conversation, 'title' | 'pinned' | 'archived'>>) => api.patch<Conversation>(`/conversations/${id}`, change),
    onSettled: (_, __, { id }) => {
      void client.invalidateQueries({ queryKey: ['conversations'] });
      void client.invalidateQueries({ queryKey: ['conversation', id] });
    },
  });
}

export function useTurnAction(conversation: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ turn, action }: { turn: string; action: 'cancel' | 'regenerate' }) =>
      api.post(`/turns/${turn}/${action}`, action === 'regenerate' ? { key: newKey() } : {}),
    onSettled: () => client.invalidateQueries({ queryKey: ['turns', conversation] }),
  });
}
