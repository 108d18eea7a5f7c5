import { Trans, useLingui } from '@lingui/react/macro';
import { memo } from 'react';
import type { Problem, Turn } from '../../api/types';
import { CopyButton } from '../../components/copy-button';
import { Icon } from '../../components/icon';
import { Markdown } from '../../components/markdown';
import type { Recovery } from '../../lib/turn-progress';
import { Announcer } from './announcer';
import { useTurnProgress } from './use-turn-progress';
import { WhyDialog } from './why-dialog';

interface Actions {
  onRegenerate?: (() => void) | undefined;
  onEdit: (message: string) => void;
}

/** One question with its answer, finished or being written. */
export const TurnItem = memo(function TurnItem({ turn, live, ...actions }: { turn: Turn; live: boolean } & Actions) {
  return (
    <article className="turn">
      {/* What Steward says by itself, such as a reminder, answers nobody. */}
      {turn.message !== '' && <Question message={turn.message} onEdit={actions.onEdit} />}
      {live ? <LiveAnswer turn={turn} /> : <Answer turn={turn} onRegenerate={actions.onRegenerate} />}
    </article>
  );
});

export function Question({ message, onEdit, waiting = false }: { message: string; onEdit?: (message: string) => void; waiting?: boolean }) {
  const { t } = useLingui();
  return (
    <div className="question">
      <h2 className="visually-hidden">{t`You`}</h2>
      <div className="question-text">{message}</div>
      <div className="turn-actions">
        {waiting && (
          <span className="small quiet working" role="status">
            <Trans>Waits to be sent</Trans>
          </span>
        )}
        <CopyButton text={message} name={t`Copy the message`} />
        {onEdit !== undefined && (
          <button type="button" className="button plain icon small" aria-label={t`Change and ask again`} title={t`Change and ask again`} onClick={() => onEdit(message)}>
            <Icon name="edit" size={16} />
          </button>
        )}
      </div>
    </div>
  );
}

function LiveAnswer({ turn }: { turn: Turn }) {
  const { t } = useLingui();
  const { progress, stream } = useTurnProgress(turn, true);
  return (
    <div className="answer" aria-busy={progress.end === undefined}>
      <AgentLine name={progress.agent} why={progress.why} />
      <Recoveries items={progress.recoveries} />
      {progress.text !== '' && <Markdown text={progress.text} streaming />}
      {stream === 'interrupted' ? (
        <p className="small quiet working" role="status">
          <Trans>Interrupted, continuing</Trans>
        </p>
      ) : (
        progress.text === '' &&
        progress.end === undefined && (
          <p className="quiet working" role="status">
            {progress.waiting ?? (turn.status === 'pending' ? t`Waits for its turn` : t`Thinking`)}
          </p>
        )
      )}
      <Announcer text={progress.text} ended={progress.end !== undefined} />
    </div>
  );
}

function Answer({ turn, onRegenerate }: { turn: Turn; onRegenerate: (() => void) | undefined }) {
  const { t } = useLingui();
  const problem = turn.problem as Problem | null | undefined;
  return (
    <div className="answer">
      <AgentLine name={turn.agent ?? undefined} why={undefined} />
      {turn.answer !== '' && <Markdown text={turn.answer} />}
      {turn.status === 'cancelled' && (
        <p className="small quiet">
          <Trans>You stopped this answer.</Trans>
        </p>
      )}
      {turn.status === 'failed' && (
        <div className="notice bad">
          <strong>
            <Trans>This question could not be answered.</Trans>
          </strong>
          <span>{problem?.detail}</span>
        </div>
      )}
      <div className="turn-actions">
        {turn.answer !== '' && <CopyButton text={turn.answer} name={t`Copy the answer`} />}
        {onRegenerate !== undefined && (
          <button type="button" className="button plain icon small" aria-label={t`Answer again`} title={t`Answer again`} onClick={onRegenerate}>
            <Icon name="again" size={16} />
          </button>
        )}
        <WhyDialog turn={turn} />
      </div>
    </div>
  );
}

function AgentLine({ name, why }: { name: string | undefined; why: string | undefined }) {
  if (name === undefined) return null;
  return (
    <h2 className="agent-line">
      <span className="agent-name">{name}</span>
      {why !== undefined && <span className="quiet small">{why}</span>}
    </h2>
  );
}

function Recoveries({ items }: { items: Recovery[] }) {
  return items.map((item, i) => (
    <p key={i} className="small quiet recovery">
      {item.message}
    </p>
  ));
}
