import { describe, expect, it, vi } from 'vitest';
import { follow, type StreamEvent, type StreamState } from './event-stream';

const encoder = new TextEncoder();

/** A response that says these pieces and then ends, breaks, or falls silent. */
function says(pieces: string[], end: 'close' | 'break' | 'silence' = 'close'): Response {
  let next = 0;
  return new Response(
    new ReadableStream({
      pull(controller) {
        const piece = pieces[next++];
        if (piece !== undefined) controller.enqueue(encoder.encode(piece));
        else if (end === 'close') controller.close();
        else if (end === 'break') controller.error(new TypeError('network error'));
        else return new Promise(() => undefined);
        return undefined;
      },
    }),
  );
}

function event(id: number, kind = 'token'): string {
  return `id: ${id}\nevent: ${kind}\ndata: {"text":"${id}"}\n\n`;
}

async function run(answers: (Response | Error)[], extra: { lastEventId?: number; mayPass?: boolean; silenceMs?: number } = {}) {
  const events: StreamEvent[] = [];
  const states: StreamState[] = [];
  const asked: number[] = [];
  const result = follow({
    open: (last) => {
      asked.push(last);
      const answer = answers.shift();
      if (answer === undefined) throw new Error('asked too often');
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    onEvent: (e) => events.push(e),
    onState: (s) => states.push(s),
    isLast: (e) => e.kind === 'completed',
    mayPass: () => extra.mayPass ?? true,
    signal: new AbortController().signal,
    random: () => 0,
    ...(extra.lastEventId === undefined ? {} : { lastEventId: extra.lastEventId }),
    ...(extra.silenceMs === undefined ? {} : { silenceMs: extra.silenceMs }),
  });
  await result;
  return { ids: events.map((e) => e.id), states, asked };
}

describe('follow', () => {
  it('tells events in order until the last one', async () => {
    const { ids, asked } = await run([says([event(1), event(2), event(3, 'completed')])]);
    expect(ids).toEqual([1, 2, 3]);
    expect(asked).toEqual([0]);
  });

  it('puts events together that arrive in pieces, also inside of a character', async () => {
    const bytes = encoder.encode('id: 1\nevent: token\ndata: {"text":"é"}\n\n' + event(2, 'completed'));
    const pieces = [bytes.slice(0, 31), bytes.slice(31, 33), bytes.slice(33)];
    let next = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const piece = pieces[next++];
        if (piece) controller.enqueue(piece);
        else controller.close();
      },
    });
    expect((await run([new Response(body)])).ids).toEqual([1, 2]);
  });

  it('goes on after the last event it has seen, and says that it was interrupted', async () => {
    const { ids, asked, states } = await run([says([event(1), event(2)], 'break'), says([event(3), event(4, 'completed')])]);
    expect(ids).toEqual([1, 2, 3, 4]);
    expect(asked).toEqual([0, 2]);
    expect(states).toEqual(['connecting', 'open', 'interrupted', 'open']);
  });

  it('tells nothing twice when the server repeats events', async () => {
    const { ids } = await run([says([event(1), event(2)]), says([event(1), event(2), event(3, 'completed')])]);
    expect(ids).toEqual([1, 2, 3]);
  });

  it('drops half an event that the connection broke in', async () => {
    const { ids } = await run([says([event(1), 'id: 2\nevent: tok'], 'break'), says([event(2, 'completed')])]);
    expect(ids).toEqual([1, 2]);
  });

  it('takes long silence for a dead connection', async () => {
    const { ids, asked } = await run([says([event(1)], 'silence'), says([event(2, 'completed')])], { silenceMs: 30 });
    expect(ids).toEqual([1, 2]);
    expect(asked).toEqual([0, 1]);
  });

  it('tries again while opening fails in a way that may pass', async () => {
    const { ids } = await run([new Error('503'), new Error('503'), says([event(1, 'completed')])]);
    expect(ids).toEqual([1]);
  });

  it('gives up when opening fails for good', async () => {
    await expect(run([new Error('404')], { mayPass: false })).rejects.toThrow('404');
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const onEvent = vi.fn();
    const following = follow({
      open: () => Promise.resolve(says([event(1)], 'silence')),
      onEvent: (e) => {
        onEvent(e);
        stop.abort();
      },
      onState: () => undefined,
      isLast: () => false,
      mayPass: () => true,
      signal: stop.signal,
    });
    await expect(following).rejects.toBeDefined();
    expect(onEvent).toHaveBeenCalledOnce();
  });
});
