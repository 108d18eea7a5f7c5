import { Dialog } from '@base-ui/react/dialog';
import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../../api/client';
import type { Attempt, Page, Turn } from '../../api/types';
import { Icon } from '../../components/icon';
import { duration, number } from '../../lib/format';

/** Where an answer comes from: who gave it, on which model, how long it took, what went wrong on the way. */
export function WhyDialog({ turn }: { turn: Turn }) {
  const { t } = useLingui();
  return (
    <Dialog.Root>
      <Dialog.Trigger className="button plain icon small" aria-label={t`Why this answer?`} title={t`Why this answer?`}>
        <Icon name="why" size={16} />
      </Dialog.Trigger>
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
  const attempts = useQuery({
    queryKey: ['attempts', turn.task_id],
    queryFn: ({ signal }) => api.get<Page<Attempt>>(`/tasks/${turn.task_id}/attempts`, signal),
  });
  const took = turn.completed_at == null ? undefined : Date.parse(turn.completed_at) - Date.parse(turn.created);
  const interrupted = attempts.data?.items.filter((a) => a.outcome !== 'completed' && a.outcome !== 'running') ?? [];
  return (
    <dl className="facts">
      <Fact name={t`Agent`}>{turn.agent ?? '–'}</Fact>
      <Fact name={t`Model`}>{turn.model ?? '–'}</Fact>
      {took !== undefined && <Fact name={t`From question to answer`}>{duration(took, i18n.locale)}</Fact>}
      <Fact name={t`Tokens read and written`}>
        {number(turn.usage.prompt_tokens, i18n.locale)} · {number(turn.usage.completion_tokens, i18n.locale)}
      </Fact>
      {turn.finish_reason != null && <Fact name={t`Ended because`}>{turn.finish_reason}</Fact>}
      {interrupted.length > 0 && (
        <Fact name={t`Interruptions on the way`}>{interrupted.map((a) => a.error?.message ?? a.outcome).join(' · ')}</Fact>
      )}
      {turn.input_flags.length > 0 && <Fact name={t`Noticed in the question`}>{turn.input_flags.map((flag) => flag.kind).join(', ')}</Fact>}
      <Fact name={t`Trace`}>
        <code>{turn.trace_id}</code>
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
