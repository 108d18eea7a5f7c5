import type { StreamEvent } from './event-stream';

export interface Recovery {
  level: number;
  message: string;
}

/** What is known of an answer while it is being written. */
export interface TurnProgress {
  /** Id of the last event that is in here. */
  lastEventId: number;
  text: string;
  agent: string | undefined;
  why: string | undefined;
  recoveries: Recovery[];
  /** Why nothing is said yet. */
  waiting: string | undefined;
  end: 'completed' | 'failed' | 'cancelled' | undefined;
}

export const NOTHING_YET: TurnProgress = {
  lastEventId: 0,
  text: '',
  agent: undefined,
  why: undefined,
  recoveries: [],
  waiting: undefined,
  end: undefined,
};

const LAST = new Set(['completed', 'failed', 'cancelled']);

export function isLast(event: StreamEvent): boolean {
  return LAST.has(event.kind);
}

/** The progress after one more event. Kinds it does not know change nothing but the id. */
export function after(progress: TurnProgress, event: StreamEvent): TurnProgress {
  const next = { ...progress, lastEventId: event.id };
  const data = (event.data ?? {}) as Record<string, unknown>;
  switch (event.kind) {
    case 'agent':
      return { ...next, agent: text(data['name']), why: text(data['why']) };
    case 'recovery':
      return { ...next, recoveries: [...progress.recoveries, { level: Number(data['level'] ?? 0), message: text(data['message']) ?? '' }] };
    case 'status':
      return { ...next, waiting: text(data['message']) };
    case 'token':
      return { ...next, text: progress.text + (text(data['text']) ?? ''), waiting: undefined };
    case 'reset':
      return { ...next, text: progress.text.slice(0, Number(data['offset'] ?? 0)) };
    case 'completed':
    case 'failed':
    case 'cancelled':
      return { ...next, end: event.kind, waiting: undefined };
    default:
      return next;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
