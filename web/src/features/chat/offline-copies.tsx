import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, query } from '../../api/client';
import type { Conversation, Page } from '../../api/types';
import { accountId } from '../../lib/account';
import { pause } from '../../lib/backoff';
import { keep, kept } from '../../lib/kept';
import { keptConversation, keptTurns, NEWEST, turnsPage } from './queries';

/** Conversations of late that can be read without a network. */
const COPIED = 20;
const FIRST_MS = 5_000;
const BETWEEN_MS = 400;
const AGAIN_MS = 5 * 60_000;

/** Copies the conversations of late, the ones that changed, one after the other and without haste. Shows nothing. */
export function OfflineCopies() {
  const recent = useQuery({
    queryKey: ['offline-copies'],
    queryFn: ({ signal }) => api.get<Page<Conversation>>(`/conversations${query({ sort: '-updated', limit: COPIED, archived: false })}`, signal),
    staleTime: AGAIN_MS,
    refetchInterval: AGAIN_MS,
    enabled: 'indexedDB' in window,
  }).data?.items;
  useEffect(() => {
    if (recent === undefined) return;
    const stop = new AbortController();
    copy(recent, stop.signal).catch(() => undefined);
    return () => stop.abort();
  }, [recent]);
  return null;
}

async function copy(recent: Conversation[], signal: AbortSignal) {
  const account = accountId();
  await pause(FIRST_MS, signal);
  for (const conversation of recent) {
    const before = await kept<Conversation>(account, keptConversation(conversation.id));
    if (before?.updated === conversation.updated) continue;
    const page = await turnsPage(conversation.id, NEWEST, '', signal);
    await keep(account, keptTurns(conversation.id), page);
    await keep(account, keptConversation(conversation.id), conversation);
    await pause(BETWEEN_MS, signal);
  }
}
