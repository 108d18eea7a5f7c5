import { Dialog } from '@base-ui/react/dialog';
import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';
import { sessionQuery } from '../../api/session';
import type { DeadCause, DeadLetter } from '../../api/types';
import { Confirm } from '../../components/confirm';
import { Difference } from '../../components/difference';
import { Field, faultOf } from '../../components/field';
import { Loaded } from '../../components/loaded';
import { Moment } from '../../components/moment';
import { Page } from '../../components/page';
import { useServerWords } from '../../components/server-words';
import { Trouble } from '../../components/trouble';
import { number } from '../../lib/format';
import { wording } from '../../lib/wording';
import { Attempts } from './attempts';
import { BulkButton } from './bulk-button';
import { Cancelled } from './cancelled';
import { History } from './history';
import { attemptsQuery, causesQuery, deadLettersQuery, replaysQuery, useDismiss, useReplay } from './queries';
import { useTaskNames } from './task-names';
import './tasks.css';

/** Tasks that were given up, by what they failed of; each can go back to work, with other input if need be. */
export function DeadLettersPage() {
  const { t } = useLingui();
  const causes = useQuery(causesQuery);
  return (
    <Page title={t`Dead letters`} lead={t`Tasks that used up their retries. Nothing is thrown away: mend the cause, then send them back to work.`}>
      <Loaded from={causes}>{({ items }) => (items.length === 0 ? <None /> : items.map((cause) => <Group key={cause.fingerprint} cause={cause} />))}</Loaded>
    </Page>
  );
}

function None() {
  return (
    <div className="empty">
      <h2>
        <Trans>No dead letter</Trans>
      </h2>
      <p>
        <Trans>Every task was done, or is still being tried.</Trans>
      </p>
    </div>
  );
}

function useCauseWords(): Record<string, string> {
  const { t } = useLingui();
  return {
    retries_exhausted: t`every retry failed`,
    not_retryable: t`trying again would not help`,
    poison: t`it brought its worker down again and again`,
    deadline: t`its time ran out`,
    unknown_outcome: t`nobody knows how far it came, and it must not be repeated unasked`,
  };
}

/** Its letters show when somebody opens it, and until they close it: causes come and go beside it. */
function Group({ cause }: { cause: DeadCause }) {
  const { t, i18n } = useLingui();
  const say = useServerWords();
  const words = useCauseWords();
  const called = useTaskNames();
  const [shown, setShown] = useState(false);
  const title = cause.error == null ? (words[cause.cause] ?? cause.cause) : say(wording(cause.error.message, cause.error.words));
  return (
    <section className="card stack" aria-label={title}>
      <div className="spread top">
        <div className="stack-small">
          <h2>{title}</h2>
          <p className="quiet small">
            {[called.kind(cause.type), words[cause.cause] ?? cause.cause, t`Tasks: ${number(cause.count, i18n.locale)}`].join(' · ')} · <Moment at={cause.latest} />
          </p>
        </div>
        <div className="row">
          <BulkButton act="retry" fingerprint={cause.fingerprint} cause={title} />
          <BulkButton act="dismiss" fingerprint={cause.fingerprint} cause={title} />
        </div>
      </div>
      <details onToggle={(e) => setShown(e.currentTarget.open)}>
        <summary>
          <Trans>One by one</Trans>
        </summary>
        {shown && <Letters fingerprint={cause.fingerprint} />}
      </details>
    </section>
  );
}

function Letters({ fingerprint }: { fingerprint: string }) {
  const list = useInfiniteQuery(deadLettersQuery(fingerprint));
  return (
    <Loaded from={list}>
      {({ pages }) => (
        <div className="stack-small letters-body">
          <ul className="letters">
            {pages.flatMap((page) => page.items).map((item) => (
              <li key={item.id} className="spread">
                <Letter item={item} />
                <Actions item={item} />
              </li>
            ))}
          </ul>
          {list.hasNextPage && (
            <div>
              <button type="button" className="button small" onClick={() => void list.fetchNextPage()}>
                <Trans>Show more</Trans>
              </button>
            </div>
          )}
        </div>
      )}
    </Loaded>
  );
}

/** What was given up, its batch, and how many wait for it. Only its owner can see the pages of these. */
function Letter({ item: { original_task: task, ...item } }: { item: DeadLetter }) {
  const { t } = useLingui();
  const called = useTaskNames();
  const mine = useQuery(sessionQuery).data?.id === task.owner;
  const batch = item.batch?.description === '' ? t`Batch` : item.batch?.description;
  return (
    <div>
      {mine ? (
        <Link to="/tasks/$id" params={{ id: item.id }}>
          {called.name(task)}
        </Link>
      ) : (
        called.name(task)
      )}{' '}
      <span className="quiet small">
        <Moment at={item.dead_since} /> · {t`Attempts: ${item.attempts}`}
        {item.replays > 0 && ` · ${t`Sent back before: ${item.replays}`}`}
      </span>
      {(item.batch != null || item.waiting > 0) && (
        <div className="row small">
          {item.batch != null && (
            <span>
              <Trans>Part of a batch:</Trans>{' '}
              {mine ? (
                <Link to="/batches/$id" params={{ id: item.batch.id }}>
                  {batch}
                </Link>
              ) : (
                batch
              )}
            </span>
          )}
          {item.waiting > 0 && (
            <strong>
              <Plural value={item.waiting} one="# task waits for it." other="# tasks wait for it." />
            </strong>
          )}
        </div>
      )}
    </div>
  );
}

function Actions({ item }: { item: DeadLetter }) {
  const { t } = useLingui();
  const dismiss = useDismiss();
  return (
    <span className="row">
      <ReplayDialog item={item} />
      <Confirm
        trigger={
          <button type="button" className="button small danger">
            <Trans>Dismiss</Trans>
          </button>
        }
        title={t`Dismiss this dead letter?`}
        detail={
          <>
            <Trans>Its task will never be done.</Trans> {item.waiting > 0 && <Cancelled waiting={item.waiting} />}
          </>
        }
        action={t`Dismiss`}
        onConfirm={() => dismiss.mutate(item.id)}
      />
    </span>
  );
}

function ReplayDialog({ item }: { item: DeadLetter }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger className="button small">
        <Trans>Send back</Trans>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog wide">
          <Dialog.Title render={<h2 />}>
            <Trans>Send back to work</Trans>
          </Dialog.Title>
          <ReplayForm item={item} onDone={() => setOpen(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function ReplayForm({ item, onDone }: { item: DeadLetter; onDone: () => void }) {
  const { t } = useLingui();
  const before = JSON.stringify(item.original_task.input, null, 2);
  const [input, setInput] = useState(before);
  const [reason, setReason] = useState('');
  const [fault, setFault] = useState<string>();
  const replay = useReplay();
  const attempts = useQuery(attemptsQuery(item.id, 'dlq', false));
  const replays = useQuery({ ...replaysQuery(item.id, 'dlq'), enabled: item.replays > 0 });
  const changed = input !== before;
  function submit(event: SubmitEvent) {
    event.preventDefault();
    let edited: unknown;
    try {
      edited = JSON.parse(input);
    } catch {
      setFault(t`This is no valid JSON.`);
      return;
    }
    setFault(undefined);
    replay.mutate({ id: item.id, ...(changed && { input: edited }), ...(reason !== '' && { reason }) }, { onSuccess: onDone });
  }
  return (
    <form className="stack" onSubmit={submit}>
      {item.waiting > 0 && (
        <p className="quiet">
          <Plural value={item.waiting} one="# task waits for it, and goes on once it is done." other="# tasks wait for it, and go on once it is done." />
        </p>
      )}
      {replay.isError && <Trouble error={replay.error} />}
      <details>
        <summary>
          <Trans>Attempts and their errors</Trans>
        </summary>
        <div className="letters-body">
          <Loaded from={attempts}>{({ items }) => <Attempts items={items} />}</Loaded>
        </div>
      </details>
      {item.replays > 0 && (
        <details>
          <summary>
            <Trans>Sent back before</Trans>
          </summary>
          <div className="letters-body">
            <Loaded from={replays}>{({ items }) => <History items={items} now={item.original_task.input} />}</Loaded>
          </div>
        </details>
      )}
      <Field label={t`Input`} hint={changed ? t`Changed. The old input stays in the task's history.` : t`Unchanged.`} fault={fault ?? faultOf(replay.error, 'input')}>
        {(control) => <textarea {...control} className="input mono" rows={Math.min(16, input.split('\n').length + 1)} value={input} onChange={(e) => setInput(e.target.value)} spellCheck={false} />}
      </Field>
      {changed && (
        <div className="field">
          <span className="label">
            <Trans>What changes</Trans>
          </span>
          <Difference label={t`What changes`} before={before} after={input} />
        </div>
      )}
      <Field label={t`Reason`} hint={t`For whoever reads the history later; may be left out.`} fault={faultOf(replay.error, 'reason')}>
        {(control) => <input {...control} className="input" value={reason} onChange={(e) => setReason(e.target.value)} />}
      </Field>
      <div className="row">
        <button type="submit" className="button primary" disabled={replay.isPending}>
          <Trans>Send back</Trans>
        </button>
        <button type="button" className="button" onClick={onDone}>
          <Trans>Leave it</Trans>
        </button>
      </div>
    </form>
  );
}
