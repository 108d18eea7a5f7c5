import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import { agentsQuery } from '../../api/agents';
import { useAgentWords } from '../../components/agent-words';
import { Icon } from '../../components/icon';
import { useCommand } from '../../lib/commands';
import { outbox } from '../../lib/outbox';
import { recallMine, rememberMine } from '../../lib/storage';
import { newKey } from '../../lib/keys';
import { onRedraft } from './draft';

export const LENGTH_MAX = 10_000;
/** From here on the length is shown. */
const LENGTH_NEAR = 9_000;

export const NEW = 'new';

interface Props {
  conversation: string;
  running: boolean;
  after?: string | undefined;
  onStop?: (() => void) | undefined;
  onSent?: () => void;
}

/** Where messages are written. What is typed survives a reload; what is sent goes to the outbox first. */
export function Composer({ conversation, running, after, onStop, onSent }: Props) {
  const { t } = useLingui();
  const slot = `draft.${conversation}`;
  const [text, setText] = useState(() => recallMine(slot) ?? '');
  const [agent, setAgent] = useState('');
  const agents = useQuery(agentsQuery);
  const words = useAgentWords();
  const area = useRef<HTMLTextAreaElement>(null);
  useCommand('agent', setAgent);
  useCommand('write', useCallback(() => area.current?.focus(), []));
  useCommand('stop', running ? onStop : undefined);

  useEffect(() => {
    area.current?.focus();
    return onRedraft(conversation, () => {
      setText(recallMine(slot) ?? '');
      area.current?.focus();
    });
  }, [slot, conversation]);

  function write(value: string) {
    setText(value);
    rememberMine(slot, value);
  }
  function send() {
    const message = text.trim();
    if (message === '' || message.length > LENGTH_MAX) return;
    outbox.put({ key: newKey(), conversation, isNew: conversation === NEW, message, agent: agent === '' ? undefined : agent, after, written: Date.now() });
    write('');
    onSent?.();
  }
  function onKey(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  }
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea ref={area} className="composer-text" rows={1} value={text} onChange={(e) => write(e.target.value)} onKeyDown={onKey} aria-label={t`Message`} placeholder={running ? t`Write the next message; it is answered after this one` : t`Ask something`} aria-invalid={text.length > LENGTH_MAX} />
      <div className="composer-foot">
        <select className="composer-agent" aria-label={t`Who answers`} value={agent} onChange={(e) => setAgent(e.target.value)}>
          <option value="">{t`Whoever fits`}</option>
          {agents.data?.items.map((one) => (
            <option key={one.name} value={one.name}>
              {one.display_name} · {words(one).title}
            </option>
          ))}
        </select>
        {text.length > LENGTH_NEAR && (
          <span className="small quiet" role="status">
            {text.length} / {LENGTH_MAX}
          </span>
        )}
        <span className="row">
          {running && onStop !== undefined && (
            <button type="button" className="button icon" aria-label={t`Stop the answer`} title={t`Stop the answer`} onClick={onStop}>
              <Icon name="stop" />
            </button>
          )}
          <button type="submit" className="button primary icon" aria-label={t`Send`} title={t`Send`} disabled={text.trim() === '' || text.length > LENGTH_MAX}>
            <Icon name="send" />
          </button>
        </span>
      </div>
      <span className="visually-hidden">
        <Trans>Enter sends, Shift and Enter begin a new line.</Trans>
      </span>
    </form>
  );
}
