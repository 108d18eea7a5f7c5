import { type InfiniteData, infiniteQueryOptions, keepPreviousData, type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, query } from '../../api/client';
import type { AcceptedTurn, Conversation, Model, Page, Turn } from '../../api/types';
import { OfflineError } from '../../api/problem';
import { accountId } from '../../lib/account';
import { keep, kept } from '../../lib/kept';
import { newKey } from '../../lib/keys';
import { recallMine, rememberMine } from '../../lib/storage';
import { tellTabs } from '../../lib/tabs';
import { mergeNewest } from './turn-pages';
import { untold } from './untold';

/** Whether its answer is still to come, or to end. */
export function isUnfinished(turn: Turn): boolean {
  return turn.status === 'pending' || turn.status === 'running';
}

const CONVERSATIONS_AT_ONCE = 60;
const TURNS_AT_ONCE = 30;
const FOUND_AT_ONCE = 20;

/** Longer questions are cut, in characters. */
const WORDS_MAX = 200;

/** The branch that was written to last. */
export const NEWEST = 'newest';

export function conversationsQuery(archived: boolean) {
  return infiniteQueryOptions({
    queryKey: ['conversations', { archived }],
    queryFn: ({ pageParam, signal }) => {
      const page = () => api.get<Page<Conversation>>(`/conversations${query({ sort: '-updated', limit: CONVERSATIONS_AT_ONCE, archived, cursor: pageParam })}`, signal);
      return pageParam === '' && !archived ? orKept('conversations', page) : page();
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** Those with all these words, the archived ones too. What was found before stays in sight until there is something new. */
export function searchQuery(words: string) {
  return infiniteQueryOptions({
    queryKey: ['conversations', { words }],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Conversation>>(`/conversations${query({ sort: '-updated', limit: FOUND_AT_ONCE, q: words.slice(0, WORDS_MAX), cursor: pageParam })}`, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    enabled: words !== '',
    placeholderData: keepPreviousData,
  });
}

export function conversationQuery(id: string) {
  return queryOptions({
    queryKey: ['conversation', id],
    queryFn: ({ signal }) => orKept(keptConversation(id), () => api.get<Conversation>(`/conversations/${id}`, signal)),
  });
}

/**
 * One branch, its end first, a page at a time: a long conversation opens as fast as a short one. Nothing of it is fetched
 * anew by itself, since that would be every page that was read; `refreshTurns` brings what is new.
 */
export function turnsQuery(conversation: string, branch: string) {
  return infiniteQueryOptions({
    queryKey: ['turns', conversation, branch],
    queryFn: ({ pageParam, signal }) =>
      pageParam === '' && branch === NEWEST
        ? orKept(keptTurns(conversation), () => turnsPage(conversation, branch, '', signal))
        : turnsPage(conversation, branch, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    staleTime: Infinity,
  });
}

export function turnsPage(conversation: string, branch: string, cursor: string, signal?: AbortSignal) {
  return api.get<Page<Turn>>(`/conversations/${conversation}/turns${query({ sort: '-created', branch, limit: TURNS_AT_ONCE, cursor })}`, signal);
}

export function keptConversation(id: string): string {
  return `conversation.${id}`;
}

export function keptTurns(conversation: string): string {
  return `turns.${conversation}`;
}

/** Begins to read a conversation that is about to be shown; what fails is told by what shows it. */
export function fetchConversation(client: QueryClient, id: string): void {
  client.query(conversationQuery(id)).catch(() => undefined);
  client.infiniteQuery(turnsQuery(id, recallMine(branchSlot(id)) ?? NEWEST)).catch(() => undefined);
}

/** What the server says, or what it said when it was last heard. */
async function orKept<T>(name: string, get: () => Promise<T>): Promise<T> {
  const account = accountId();
  try {
    const now = await get();
    void keep(account, name, now);
    return now;
  } catch (error) {
    const before = error instanceof OfflineError ? await kept<T>(account, name) : undefined;
    if (before === undefined) throw error;
    return before;
  }
}

/** Brings the newest turns of a conversation to where it is shown. */
export async function refreshTurns(client: QueryClient, conversation: string): Promise<void> {
  const all = { queryKey: ['turns', conversation] };
  client.removeQueries({ ...all, type: 'inactive' });
  const shown = client.getQueryCache().findAll({ ...all, type: 'active' });
  await Promise.all(
    shown.map(async ({ queryKey }) => {
      const branch = queryKey[2] as string;
      const page = await turnsPage(conversation, branch, '');
      if (branch === NEWEST) void keep(accountId(), keptTurns(conversation), page);
      client.setQueryData<InfiniteData<Page<Turn>, string>>(queryKey, (before) => mergeNewest(before, page));
    }),
  );
}

/** Something was said in a conversation: shows it here and in the other tabs. */
export function heardOf(client: QueryClient, conversation: string): Promise<void> {
  tellTabs(accountId(), conversation);
  void client.invalidateQueries({ queryKey: ['conversations'] });
  void client.invalidateQueries({ queryKey: ['conversation', conversation] });
  return refreshTurns(client, conversation).catch(() => undefined);
}

/** Where it is remembered which branch of a conversation is looked at; nothing: the newest. */
export function branchSlot(conversation: string): string {
  return `branch.${conversation}`;
}

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
      api.post<Partial<AcceptedTurn> | undefined>(`/turns/${turn}/${action}`, action === 'regenerate' ? { key: newKey() } : {}),
    onSuccess: (accepted, { action }) => {
      if (action !== 'regenerate') return;
      if (accepted?.turn !== undefined) untold.add(accepted.turn.id);
      // A new answer begins the newest branch.
      rememberMine(branchSlot(conversation), undefined);
    },
    onSettled: () => heardOf(client, conversation),
  });
}
