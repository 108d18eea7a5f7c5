import { createParser } from 'eventsource-parser';
import { backoffMs, pause } from './backoff';

export interface StreamEvent {
  id: number;
  kind: string;
  data: unknown;
}

/** `open`: events can come. `interrupted`: the connection is gone and is being made again. */
export type StreamState = 'connecting' | 'open' | 'interrupted';

export interface StreamOptions {
  /** Opens the stream after this event; rejects when it can't. */
  open: (lastEventId: number, signal: AbortSignal) => Promise<Response>;
  onEvent: (event: StreamEvent) => void;
  onState: (state: StreamState) => void;
  /** Whether no event follows this one. */
  isLast: (event: StreamEvent) => boolean;
  /** Whether a failure to open may pass; any other ends the stream. */
  mayPass: (error: unknown) => boolean;
  signal: AbortSignal;
  lastEventId?: number;
  /** Silence after which the connection counts as dead, in milliseconds. The server sends a sign of life every 15 s. */
  silenceMs?: number;
  random?: () => number;
}

const SILENCE_MS = 40_000;

/**
 * Reads a stream of numbered events to its end, over as many connections as it takes: each event is told once, in order.
 * Resolves after the last event; rejects when aborted or when opening fails for good.
 */
export async function follow(options: StreamOptions): Promise<void> {
  const { signal, onState } = options;
  let last = options.lastEventId ?? 0;
  let failures = 0;
  let ended = false;
  const isOver = () => ended;
  onState('connecting');
  while (!isOver()) {
    const connection = new AbortController();
    const both = AbortSignal.any([signal, connection.signal]);
    try {
      const response = await options.open(last, both);
      onState('open');
      await read(response, options.silenceMs ?? SILENCE_MS, connection, both, (event) => {
        failures = 0;
        if (ended || event.id <= last) return;
        last = event.id;
        options.onEvent(event);
        ended = options.isLast(event);
      });
    } catch (error) {
      if (signal.aborted || (!connection.signal.aborted && !isBroken(error) && !options.mayPass(error))) throw error;
    } finally {
      connection.abort();
    }
    if (!isOver()) {
      onState('interrupted');
      await pause(backoffMs(failures++, options.random), signal);
    }
  }
}

async function read(
  response: Response,
  silenceMs: number,
  connection: AbortController,
  signal: AbortSignal,
  onEvent: (event: StreamEvent) => void,
) {
  if (response.body === null) return;
  const aborted = whenAborted(signal);
  aborted.catch(() => undefined);
  const reader = response.body.getReader();
  const text = new TextDecoder();
  const parser = createParser({
    onEvent: ({ id, event, data }) => onEvent({ id: Number(id ?? 0), kind: event ?? 'message', data: parse(data) }),
  });
  let alarm: ReturnType<typeof setTimeout> | undefined;
  try {
    for (;;) {
      alarm = setTimeout(() => connection.abort(), silenceMs);
      const { done, value } = await Promise.race([reader.read(), aborted]);
      clearTimeout(alarm);
      if (done) return;
      parser.feed(text.decode(value, { stream: true }));
    }
  } finally {
    clearTimeout(alarm);
    reader.cancel().catch(() => undefined);
  }
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = () => reject(new DOMException('stopped, or silent for too long', 'AbortError'));
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return {};
  }
}

/** A connection that broke while it was read, as browsers tell it. */
function isBroken(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof DOMException && error.name !== 'SyntaxError');
}
