import { Trans, useLingui } from '@lingui/react/macro';
import { lazy, memo, type ReactNode, Suspense, useEffect, useState } from 'react';
import type { Problem, Turn } from '../../api/types';
import { CopyButton } from '../../components/copy-button';
import { Icon, type IconName } from '../../components/icon';
import { Markdown } from '../../components/markdown';
import { useServerWords } from '../../components/server-words';
import { awaitsModel, type Recovery, type Taken, type Waiting } from '../../lib/turn-progress';
import { wording } from '../../lib/wording';
import { Announcer } from './announcer';
import { isUnfinished } from './queries';
import { Rating } from './rating';
import { untold } from './untold';
import { type LiveTurn, useTurnProgress } from './use-turn-progress';
import { QuestionEditor } from './question-editor';
import { VersionSwitch } from './versions';

const WhyDialog = lazy(() => import('./why-dialog'));

interface Actions {
  onRegenerate?: ((turn: string) => void) | undefined;
  onEdit: (turn: Turn, message: string) => void;
  onCancel: (turn: string) => void;
  onShow: (turn: string) => void;
}

/** One question with its answer, finished or being written. */
export const TurnItem = memo(function TurnItem({ turn, live, ...actions }: { turn: Turn; live: boolean } & Actions) {
  const { t } = useLingui();
  const [editing, setEditing] = useState(false);
  const awaited = useAwaited(turn);
  const { onEdit, onShow } = actions;
  const wordingNames = { group: t`Versions of this message`, before: t`The version before`, next: t`The next version` };
  return (
    <article className="turn" id={`turn-${turn.id}`} tabIndex={-1}>
      {/* What Steward says by itself, such as a reminder, answers nobody. */}
      {turn.message !== '' && editing && (
        <QuestionEditor
          message={turn.message}
          onLeave={() => setEditing(false)}
          onSend={(message) => {
            setEditing(false);
            onEdit(turn, message);
          }}
        />
      )}
      {turn.message !== '' && !editing && (
        <Question message={turn.message}>
          <Act icon="edit" name={<Trans>Change and ask again</Trans>} onClick={() => setEditing(true)} />
          <VersionSwitch ids={turn.wordings} shown={turn.wordings.findIndex((id) => turn.answers.includes(id))} names={wordingNames} onShow={onShow} />
        </Question>
      )}
      {awaited ? <AwaitedAnswer turn={turn} live={live} {...actions} /> : <Answer turn={turn} {...actions} />}
    </article>
  );
});

/** Whether somebody waits for the answer in this view: it was asked here, or is being written. It stays so when it is there. */
function useAwaited(turn: Turn): boolean {
  const unfinished = isUnfinished(turn);
  const [awaited, setAwaited] = useState(unfinished || untold.has(turn.id));
  if (unfinished && !awaited) setAwaited(true);
  useEffect(() => void untold.delete(turn.id), [turn.id]);
  return awaited;
}

/** An answer from its question on, and as it stays. A screen reader is told all of it, even if it was whole before anything was drawn. */
function AwaitedAnswer({ turn, live, ...actions }: { turn: Turn; live: boolean } & Actions) {
  const { progress, stream } = useTurnProgress(turn, live);
  const finished = !isUnfinished(turn);
  return (
    <>
      {live ? (
        <LiveAnswer progress={progress} stream={stream} />
      ) : turn.status === 'pending' ? (
        <WaitingAnswer onCancel={() => actions.onCancel(turn.id)} />
      ) : (
        <Answer turn={turn} {...actions} />
      )}
      <Announcer text={live ? progress.text : finished ? turn.answer : ''} ended={live ? progress.end !== undefined : finished} />
    </>
  );
}

function WaitingAnswer({ onCancel }: { onCancel: () => void }) {
  return (
    <div className="answer">
      <div className="row">
        <span className="quiet working">
          <Trans>Waits for its turn</Trans>
        </span>
        <button type="button" className="button plain small" onClick={onCancel}>
          <Trans>Take it back</Trans>
        </button>
      </div>
    </div>
  );
}

/** A person's message. What can be done with it comes as children. */
export function Question({ message, children }: { message: string; children?: ReactNode }) {
  const { t } = useLingui();
  return (
    <div className="question">
      <h2 className="visually-hidden">{t`You`}</h2>
      <div className="question-text">{message}</div>
      <div className="turn-actions">
        <CopyButton text={message} name={t`Copy the message`} />
        {children}
      </div>
    </div>
  );
}

function Act({ icon, name, onClick }: { icon: IconName; name: ReactNode; onClick: () => void }) {
  return (
    <button type="button" className="button plain icon small" onClick={onClick}>
      <Icon name={icon} size={16} />
      <span className="visually-hidden">{name}</span>
    </button>
  );
}

function LiveAnswer({ progress, stream }: LiveTurn) {
  return (
    <div className="answer" aria-busy={progress.end === undefined}>
      <AgentLine taken={progress.taken} />
      <Recoveries items={progress.recoveries} />
      {progress.text !== '' && <Markdown text={progress.text} streaming />}
      {stream === 'interrupted' ? (
        <p className="small quiet working" role="status">
          <Trans>Interrupted, continuing</Trans>
        </p>
      ) : (
        progress.text === '' && progress.end === undefined && <Thinking waiting={progress.waiting} modelless={awaitsModel(progress)} />
      )}
    </div>
  );
}

function Thinking({ waiting, modelless }: { waiting: Waiting | undefined; modelless: boolean }) {
  const { t } = useLingui();
  const say = useServerWords();
  return (
    <div className="thinking">
      <p className="quiet working" role="status">
        {waiting !== undefined ? say(waiting.message) : modelless ? t`Waiting for a model` : t`Thinking`}
      </p>
      {waiting?.read !== undefined && <progress max={1} value={waiting.read} aria-label={t`How much of the question is read`} />}
    </div>
  );
}

function Answer({ turn, onRegenerate, onShow }: { turn: Turn } & Pick<Actions, 'onRegenerate' | 'onShow'>) {
  const { t } = useLingui();
  const say = useServerWords();
  const answerNames = { group: t`Answers to this question`, before: t`The answer before`, next: t`The next answer` };
  const problem = turn.problem as Problem | null | undefined;
  return (
    <div className="answer">
      <AgentLine taken={turn.agent == null ? [] : [{ agent: turn.agent, why: undefined }]} />
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
          <span>{problem != null && say(wording(problem.detail, problem.words))}</span>
        </div>
      )}
      <div className="turn-actions">
        {turn.answer !== '' && <CopyButton text={turn.answer} name={t`Copy the answer`} />}
        {onRegenerate !== undefined && <Act icon="again" name={<Trans>Answer again</Trans>} onClick={() => onRegenerate(turn.id)} />}
        <Why turn={turn} />
        {turn.status === 'completed' && <Rating turn={turn.id} />}
        <VersionSwitch ids={turn.answers} shown={turn.answers.indexOf(turn.id)} names={answerNames} onShow={onShow} />
      </div>
    </div>
  );
}

function Why({ turn }: { turn: Turn }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Act icon="why" name={<Trans>Why this answer?</Trans>} onClick={() => setOpen(true)} />
      {open && (
        <Suspense>
          <WhyDialog turn={turn} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

function AgentLine({ taken }: { taken: Taken[] }) {
  const say = useServerWords();
  const last = taken.at(-1);
  if (last === undefined) return null;
  return (
    <h2 className="agent-line">
      {taken.map(({ agent }, i) => (
        <span key={i} className={i === taken.length - 1 ? 'agent-name' : 'agent-before'}>
          {agent}
        </span>
      ))}
      {last.why !== undefined && <span className="quiet small">{say(last.why)}</span>}
    </h2>
  );
}

function Recoveries({ items }: { items: Recovery[] }) {
  const say = useServerWords();
  return items.map((item, i) => (
    <p key={i} className="small quiet recovery">
      {say(item.message)}
    </p>
  ));
}
