import { Dialog } from '@base-ui/react/dialog';
import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../../api/client';
import { mayPass } from '../../api/problem';
import type { Attempt, Page, Turn } from '../../api/types';
import { Icon } from '../../components/icon';
import { useServerWords } from '../../components/server-words';
import { follow } from '../../lib/event-stream';
import { duration, number } from '../../lib/format';
import { after, isLast, NOTHING_YET, type TurnProgress } from '../../lib/turn-progress';
import { wording } from '../../lib/wording';

/** Where an answer comes from: who gave it, on which model, how long it took, what went wrong on the way. */
export default function WhyDialog({ turn, onClose }: { turn: Turn; onClose: () => void }) {
  const { t } = useLingui();
  return (
    <Dialog.Root defaultOpen onOpenChangeComplete={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <div className="spread">
            <Dialog.Title render={<h2 />}>
              <Trans>Why this answer?</Trans>
            </Dialog.Title>
            <Dialog.Close className="button plain icon small" aria-label={t`Close`}>
              <Icon name="close" />
            </Dialog.Close>
          </div>
          <Receipt turn={turn} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Receipt({ turn }: { turn: Turn }) {
  const { t, i18n } = useLingui();
  const say = useServerWords();
  const attempts = useQuery({
    queryKey: ['attempts', turn.task_id],
    queryFn: ({ signal }) => api.get<Page<Attempt>>(`/tasks/${turn.task_id}/attempts`, signal),
  });
  const course = useQuery({ queryKey: ['course', turn.id], queryFn: ({ signal }) => courseOf(turn.id, signal), staleTime: Infinity });
  const took = turn.completed_at == null ? undefined : Date.parse(turn.completed_at) - Date.parse(turn.created);
  const ends: Record<string, string> = { stop: t`it was complete`, length: t`it reached the longest length`, content_filter: t`the model server's filter ended it`, tool_calls: t`the model asked for an action` };
  const interrupted = attempts.data?.items.filter((a) => a.outcome !== 'completed' && a.outcome !== 'running') ?? [];
  return (
    <dl className="facts">
      <Fact name={t`Agent`}>{turn.agent == null ? '–' : <span className="agent-name">{turn.agent}</span>}</Fact>
      <Fact name={t`Model`}>{turn.model ?? '–'}</Fact>
      {took !== undefined && <Fact name={t`From question to answer`}>{duration(took, i18n.locale)}</Fact>}
      <Fact name={t`Tokens read and written`}>
        {number(turn.usage.prompt_tokens, i18n.locale)} · {number(turn.usage.completion_tokens, i18n.locale)}
      </Fact>
      {turn.finish_reason != null && <Fact name={t`Ended because`}>{ends[turn.finish_reason] ?? turn.finish_reason}</Fact>}
      {course.data !== undefined && course.data.taken.length > 0 && (
        <Fact name={t`Who had it`}>
          <ol className="course">
            {course.data.taken.map((one, i) => (
              <li key={i}>
                <span className="agent-name">{one.agent}</span> {one.why !== undefined && say(one.why)}
              </li>
            ))}
          </ol>
        </Fact>
      )}
      {course.data !== undefined && course.data.recoveries.length > 0 && (
        <Fact name={t`What went wrong and was mended`}>
          <ol className="course">
            {course.data.recoveries.map((one, i) => (
              <li key={i}>{say(one.message)}</li>
            ))}
          </ol>
        </Fact>
      )}
      {interrupted.length > 0 && (
        <Fact name={t`Interruptions on the way`}>
          <ol className="course">
            {interrupted.map((a) => (
              <li key={a.number}>{a.error == null ? a.outcome : say(wording(a.error.message, a.error.words))}</li>
            ))}
          </ol>
        </Fact>
      )}
      {turn.input_flags.length > 0 && <Fact name={t`Noticed in the question`}>{turn.input_flags.map((flag) => flag.kind).join(', ')}</Fact>}
      <Fact name={t`Trace`}>
        <code>{turn.trace_id}</code>
      </Fact>
    </dl>
  );
}

/** Reads the events of an answer that has ended: who had it, and what happened on the way. */
async function courseOf(turn: string, signal: AbortSignal): Promise<TurnProgress> {
  let progress = NOTHING_YET;
  await follow({
    open: (last, stop) => api.events(`/turns/${turn}/events`, last, stop),
    onEvent: (event) => {
      if (event.kind !== 'token') progress = after(progress, event);
    },
    onState: () => undefined,
    isLast,
    mayPass,
    signal,
  });
  return progress;
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
