import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** A model server that speaks OpenAI's API and says what a test wants, as fast as it wants. */
export class MockModel {
  /** What is answered to any question, word by word. */
  answer = 'Good day.';
  /** Where it is cut into what is sent at once. */
  pieces = /(?<= )/;
  /** Between two pieces, in milliseconds. */
  pace = 5;
  /** Before the first word, in milliseconds. */
  delay = 0;
  /** Refuses every question with this status, where it is set. */
  refusal: number | undefined;
  /** Where it listens, once started. */
  url = '';
  /** What was asked, each question with its context as it came. */
  readonly asked: string[] = [];
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => (body += piece.toString()));
      request.on('end', () => void this.handle(request.url ?? '', body, response));
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((ready) => this.server.listen(0, '127.0.0.1', ready));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
    return this.url;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async handle(url: string, body: string, response: ServerResponse) {
    if (url.endsWith('/models')) {
      json(response, { object: 'list', data: [{ id: 'mock', object: 'model', created: 0, owned_by: 'test' }] });
      return;
    }
    if (this.refusal !== undefined) {
      response.writeHead(this.refusal, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ error: { message: 'no' } }));
      return;
    }
    const asked = JSON.parse(body) as { stream?: boolean; response_format?: unknown; messages?: { role: string; content: string }[] };
    // What was already said is the last message when an interrupted answer goes on.
    const last = asked.messages?.at(-1);
    const said = last?.role === 'assistant' ? last.content : '';
    const rest = this.answer.startsWith(said) ? this.answer.slice(said.length) : this.answer;
    if (asked.stream !== true) {
      json(response, { id: 'x', object: 'chat.completion', created: 0, model: 'mock', choices: [{ index: 0, message: { role: 'assistant', content: 'A title' }, finish_reason: 'stop' }], usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } });
      return;
    }
    this.asked.push(JSON.stringify(asked.messages));
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    if (this.delay > 0) await wait(this.delay);
    for (const word of rest.split(this.pieces)) {
      if (response.destroyed) return;
      response.write(chunk({ content: word }, null));
      await wait(this.pace);
    }
    response.write(chunk({}, 'stop'));
    response.end('data: [DONE]\n\n');
  }
}

function chunk(delta: object, finish: string | null): string {
  return `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 0, model: 'mock', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
}

function json(response: ServerResponse, body: object) {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}
