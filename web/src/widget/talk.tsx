import { Trans, useLingui } from '@lingui/react/macro';
import { type KeyboardEvent, lazy, type SubmitEvent, Suspense, useEffect, useRef, useState } from 'react';
import { api } from '../api/client';
import { mayPass } from '../api/problem';
import type { AcceptedTurn, Conversation } from '../api/types';
import { Icon } from '../components/icon';
import { useServerWords } from '../components/server-words';
import { Trouble } from '../components/trouble';
import { Announcer } from '../features/chat/announcer';
import { follow } from '../lib/event-stream';
import { newKey } from '../lib/keys';
import { paced } from '../lib/paced';
import { after, awaitsModel, isLast, NOTHING_YET, type TurnProgress } from '../lib/turn-progress';

const Markdown = lazy(() => import('../components/markdown').then(({ Markdown: shown }) => ({ default: shown })));

interface Exchange {
  key: string;
  question: string;
  progress: TurnProgress;
  error?: unknown;
}

/** One conversation, kept by the server like any other; the frame shows what was said since it was opened. */
export function Talk() {
  const { t } = useLingui();
  const say = useServerWords();
  const [said, setSaid] = useState<Exchange[]>([]);
  const [text, setText] = useState('');
  const conversation = useRef<{ id?: string; key: string }>({ key: newKey() });
  const stop = useRef(new AbortController());
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    stop.current = new AbortController();
    const { current } = stop;
    return () => current.abort();
  }, []);
  useEffect(() => {
    // Newer browsers give a promise here, which is no clean-up.
    end.current?.scrollIntoView({ block: 'end' });
  }, [said]);
  const last = said.at(-1);
  const busy = last !== undefined && last.progress.end === undefined && last.error === undefined;

  function change(key: string, part: Partial<Exchange>) {
    setSaid((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)));
  }

  /** The keys make it harmless to try the same again. */
  async function run(key: string, question: string) {
    const { signal } = stop.current;
    try {
      const own = conversation.current;
      own.id ??= (await api.post<Conversation>('/conversations', { key: own.key, body: {}, signal })).id;
      const { turn } = await api.post<AcceptedTurn>(`/conversations/${own.id}/turns`, { key, body: { message: question }, signal });
      let progress = NOTHING_YET;
      const drawing = paced(() => change(key, { progress }));
      await follow({
        open: (from, open) => api.events(`/turns/${turn.id}/events`, from, open),
        onEvent: (event) => {
          progress = after(progress, event);
          drawing.ask();
        },
        onState: () => undefined,
        isLast,
        mayPass,
        signal,
      });
      drawing.stop();
      change(key, { progress });
    } catch (error) {
      if (!signal.aborted) change(key, { error });
    }
  }

  function ask(event?: SubmitEvent) {
    event?.preventDefault();
    const question = text.trim();
    if (question === '' || busy) return;
    const key = newKey();
    setText('');
    setSaid([...said, { key, question, progress: NOTHING_YET }]);
    void run(key, question);
  }

  function again(one: Exchange) {
    setSaid((all) => all.map((other) => (other.key === one.key ? { key: one.key, question: one.question, progress: NOTHING_YET } : other)));
    void run(one.key, one.question);
  }

  function key(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    ask();
  }

  return (
    <div className="talk">
      <div className="talk-log" role="log" aria-live="off" aria-busy={busy} aria-label={t`Messages`} tabIndex={0}>
        {said.length === 0 && (
          <p className="quiet">
            <Trans>What can I do for you?</Trans>
          </p>
        )}
        {said.map((one) => (
          <div key={one.key} className="stack-small">
            <p className="talk-mine">{one.question}</p>
            <Suspense fallback={<p>{one.progress.text}</p>}>
              <Markdown text={one.progress.text} streaming={one.progress.end === undefined} />
            </Suspense>
            {one.progress.end === undefined && one.error === undefined && one.progress.text === '' && <p className="quiet working">{one.progress.waiting !== undefined ? say(one.progress.waiting.message) : awaitsModel(one.progress) ? t`Waiting for a model` : t`Thinking`}</p>}
            {one.progress.end === 'failed' && <p className="notice bad">{t`This question could not be answered. Open Steward to see why.`}</p>}
            {one.error !== undefined && <Trouble error={one.error} again={() => again(one)} />}
          </div>
        ))}
        <div ref={end} />
      </div>
      <Announcer key={last?.key} text={last?.progress.text ?? ''} ended={last?.progress.end !== undefined} />
      <form className="talk-form" onSubmit={ask}>
        <textarea className="input" rows={2} aria-label={t`Message`} placeholder={t`Write a message`} value={text} autoFocus onChange={(e) => setText(e.target.value)} onKeyDown={key} />
        <button type="submit" className="button primary icon" aria-label={t`Send`} disabled={busy || text.trim() === ''}>
          <Icon name="send" />
        </button>
      </form>
    </div>
  );
}
