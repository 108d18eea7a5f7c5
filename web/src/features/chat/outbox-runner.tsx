import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import { api } from '../../api/client';
import { mayPass, ProblemError, SignedOutError } from '../../api/problem';
import type { AcceptedTurn, Conversation } from '../../api/types';
import { useProblemText } from '../../components/problem-text';
import { news } from '../../components/toasts';
import { backoffMs, pause } from '../../lib/backoff';
import { outbox, type Unsent } from '../../lib/outbox';
import { rememberMine } from '../../lib/storage';
import { redraft } from './draft';
import { branchSlot, heardOf } from './queries';
import { untold } from './untold';

export function useUnsent(conversation: string): Unsent[] {
  const all = useSyncExternalStore(outbox.subscribe, outbox.all);
  return all.filter((item) => item.conversation === conversation);
}

/** Sends what waits in the outbox, oldest first, until the server has confirmed it. Shows nothing. */
export function OutboxRunner() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const text = useProblemText();
  const told = useEffectEvent((error: unknown) => (error instanceof ProblemError ? text(error.problem) : String(error)));
  const first = useSyncExternalStore(outbox.subscribe, () => outbox.all()[0]);
  useEffect(() => {
    if (first === undefined) return;
    const stop = new AbortController();
    deliver(first, stop.signal)
      .then(async (turn) => {
        untold.add(turn.id);
        // What was just said is the newest branch from now on.
        rememberMine(branchSlot(turn.conversation_id), undefined);
        await heardOf(client, turn.conversation_id);
        outbox.remove(first.key);
        if (first.isNew && window.location.pathname === '/') void navigate({ to: '/c/$id', params: { id: turn.conversation_id } });
      })
      .catch((error: unknown) => {
        if (stop.signal.aborted) return;
        // Refused for good: the words go back to where they were written.
        outbox.remove(first.key);
        redraft(first.conversation, first.message);
        news.add({ title: told(error), type: 'error' });
      });
    return () => stop.abort();
  }, [first, client, navigate]);
  return null;
}

async function deliver(item: Unsent, signal: AbortSignal) {
  for (let failures = 0; ; failures++) {
    try {
      const conversation = item.isNew
        ? (await api.post<Conversation>('/conversations', { key: `${item.key}-c`, body: {}, signal })).id
        : item.conversation;
      const { message, agent, after, edits } = item;
      const body = { message, agent, after, edits };
      return (await api.post<AcceptedTurn>(`/conversations/${conversation}/turns`, { key: item.key, body, signal })).turn;
    } catch (error) {
      // Who is signed out signs in again in place; the message waits for that.
      if (signal.aborted || !(mayPass(error) || error instanceof SignedOutError)) throw error;
      await pause(backoffMs(failures), signal);
    }
  }
}
