import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '../../api/client';
import { mayPass } from '../../api/problem';
import type { Turn } from '../../api/types';
import { follow, type StreamState } from '../../lib/event-stream';
import { after, isLast, NOTHING_YET, type TurnProgress } from '../../lib/turn-progress';

export interface LiveTurn {
  progress: TurnProgress;
  stream: StreamState;
}

const BEFORE: LiveTurn = { progress: NOTHING_YET, stream: 'connecting' };

/** Follows an answer while it is written, and goes on by itself after every interruption. Drawn at most once a frame. */
export function useTurnProgress(turn: Turn, active: boolean): LiveTurn {
  const client = useQueryClient();
  const [live, setLive] = useState(BEFORE);
  const { id, conversation_id: conversation } = turn;
  useEffect(() => {
    if (!active) return;
    const stop = new AbortController();
    const now: LiveTurn = { ...BEFORE };
    let frame = 0;
    function draw() {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        setLive({ ...now });
      });
    }
    follow({
      open: (last, signal) => api.events(`/turns/${id}/events`, last, signal),
      onEvent: (event) => {
        now.progress = after(now.progress, event);
        draw();
      },
      onState: (state) => {
        now.stream = state;
        draw();
      },
      isLast,
      mayPass,
      signal: stop.signal,
    })
      .catch(() => undefined)
      .finally(() => {
        if (stop.signal.aborted) return;
        void client.invalidateQueries({ queryKey: ['turns', conversation] });
        void client.invalidateQueries({ queryKey: ['conversations'] });
        void client.invalidateQueries({ queryKey: ['conversation', conversation] });
      });
    return () => {
      stop.abort();
      cancelAnimationFrame(frame);
    };
  }, [id, conversation, active, client]);
  return live;
}
