import { useQueryClient } from '@tanstack/react-query';
import { startTransition, useEffect, useState } from 'react';
import { api } from '../../api/client';
import { mayPass } from '../../api/problem';
import type { Turn } from '../../api/types';
import { follow, type StreamState } from '../../lib/event-stream';
import { paced } from '../../lib/paced';
import { after, isLast, NOTHING_YET, type TurnProgress } from '../../lib/turn-progress';
import { heardOf } from './queries';

export interface LiveTurn {
  progress: TurnProgress;
  stream: StreamState;
}

const BEFORE: LiveTurn = { progress: NOTHING_YET, stream: 'connecting' };

/** Follows an answer while it is written, and goes on by itself after every interruption. Drawn as often as that is cheap. */
export function useTurnProgress(turn: Turn, active: boolean): LiveTurn {
  const client = useQueryClient();
  const [live, setLive] = useState(BEFORE);
  const { id, conversation_id: conversation } = turn;
  useEffect(() => {
    if (!active) return;
    const stop = new AbortController();
    const now: LiveTurn = { ...BEFORE };
    const drawing = paced(() => startTransition(() => setLive({ ...now })));
    follow({
      open: (last, signal) => api.events(`/turns/${id}/events`, last, signal),
      onEvent: (event) => {
        now.progress = after(now.progress, event);
        drawing.ask();
      },
      onState: (state) => {
        now.stream = state;
        drawing.ask();
      },
      isLast,
      mayPass,
      signal: stop.signal,
    })
      .catch(() => undefined)
      .finally(() => {
        if (stop.signal.aborted) return;
        void heardOf(client, conversation);
      });
    return () => {
      stop.abort();
      drawing.stop();
      // What was written is in the turn itself by now.
      setLive(BEFORE);
    };
  }, [id, conversation, active, client]);
  return live;
}
