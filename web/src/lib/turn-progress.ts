import type { StreamEvent } from './event-stream';
import { type Wording, wording } from './wording';

export interface Recovery {
  level: number;
  message: Wording;
}

/** An agent that took the turn, and why it was this one. */
export interface Taken {
  agent: string;
  why: Wording | undefined;
}

/** What is known of an answer while it is being written. */
export interface TurnProgress {
  /** Id of the last event that is in here. */
  lastEventId: number;
  text: string;
  /** Whoever took the turn, the newest last: more than one when it was handed over. */
  taken: Taken[];
  recoveries: Recovery[];
  /** Why nothing is said yet. */
  waiting: Waiting | undefined;
  end: 'completed' | 'failed' | 'cancelled' | undefined;
}

export interface Waiting {
  message: Wording;
  /** How much of the question and its context the model has read, 0 to 1; undefined: not known. */
  read: number | undefined;
}

export const NOTHING_YET: TurnProgress = {
  lastEventId: 0,
  text: '',
  taken: [],
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
      return { ...next, taken: withAgent(progress.taken, text(data['name']), wording(data['why'], data['words'])) };
    case 'recovery':
      return { ...next, recoveries: [...progress.recoveries, { level: Number(data['level'] ?? 0), message: wording(data['message'], data['words']) }] };
    case 'status':
      return { ...next, waiting: { message: wording(data['message'], data['words']), read: share(data['read'], data['total']) } };
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

/** Whether there is nobody yet who could answer; true until the first word, as nothing tells when the model is back. */
export function awaitsModel(progress: TurnProgress): boolean {
  return progress.text === '' && (progress.recoveries.at(-1)?.message.phrases.some(({ code }) => code === 'waiting_for_model') ?? false);
}

/** The same agent again is no change: an attempt after a crash says again who answers. */
function withAgent(taken: Taken[], agent: string | undefined, why: Wording): Taken[] {
  return agent === undefined || taken.at(-1)?.agent === agent ? taken : [...taken, { agent, why: why.english === '' ? undefined : why }];
}

function share(read: unknown, total: unknown): number | undefined {
  return typeof read === 'number' && typeof total === 'number' && total > 0 ? Math.min(1, read / total) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
