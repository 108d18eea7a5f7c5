import { Dialog } from '@base-ui/react/dialog';
import { Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import type { DeadLetter } from '../../api/types';
import { Confirm } from '../../components/confirm';
import { Field, faultOf } from '../../components/field';
import { Loaded } from '../../components/loaded';
import { Moment } from '../../components/moment';
import { Page } from '../../components/page';
import { news } from '../../components/toasts';
import { Trouble } from '../../components/trouble';
import { deadLettersQuery, useDismiss, useReplay, useReplayAll } from './queries';
import './tasks.css';

/** Tasks that were given up, by what they failed of; each can go back to work, with other input if need be. */
export function DeadLettersPage() {
  const { t } = useLingui();
  const list = useInfiniteQuery(deadLettersQuery);
  return (
    <Page title={t`Dead letters`} lead={t`Tasks that used up their retries. Nothing is thrown away: mend the cause, then send them back to work.`}>
      <Loaded from={list}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          return items.length === 0 ? <None /> : groups(items).map((group) => <Group key={group[0]?.fingerprint} items={group} />);
        }}
      </Loaded>
      {list.hasNextPage && (
        <button type="button" className="button" onClick={() => void list.fetchNextPage()}>
          <Trans>Show more</Trans>
        </button>
      )}
    </Page>
  );
}

function groups(items: DeadLetter[]): DeadLetter[][] {
  return [...Map.groupBy(items, (item) => item.fingerprint).values()];
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

function Group({ items }: { items: DeadLetter[] }) {
  const { t } = useLingui();
  const all = useReplayAll();
  const first = items[0];
  if (first === undefined) return null;
  const count = items.length;
  return (
    <section className="card stack" aria-label={first.cause}>
      <div className="spread">
        <div className="stack-small">
          <h2>{first.error?.message ?? first.cause}</h2>
          <p className="quiet small">
            {first.original_task.type} · {first.cause} · <code>{first.fingerprint}</code>
          </p>
        </div>
        {count > 1 && (
          <Confirm
            trigger={
              <button type="button" className="button" disabled={all.isPending}>
                <Trans>Send all back</Trans>
              </button>
            }
            title={t`Send every task of this cause back to work?`}
            detail={t`Each begins anew with its old input and a full number of retries.`}
            action={t`Send back`}
            onConfirm={() => all.mutate(first.fingerprint, { onSuccess: ({ replayed }) => news.add({ title: t`Back at work: ${replayed}` }) })}
          />
        )}
      </div>
      {all.isError && <Trouble error={all.error} />}
      <ul className="letters">
        {items.map((item) => (
          <li key={item.id} className="spread">
            <span>
              {item.original_task.description === '' ? item.original_task.type : item.original_task.description}{' '}
              <span className="quiet small">
                <Moment at={item.dead_since} /> · {t`Attempts: ${item.attempts}`}
              </span>
            </span>
            <Actions item={item} />
          </li>
        ))}
      </ul>
    </section>
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
        detail={t`Its task will never be done.`}
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
      {replay.isError && <Trouble error={replay.error} />}
      <Field label={t`Input`} hint={changed ? t`Changed. The old input stays in the task's history.` : t`Unchanged.`} fault={fault ?? faultOf(replay.error, 'input')}>
        {(control) => <textarea {...control} className="input mono" rows={Math.min(16, input.split('\n').length + 1)} value={input} onChange={(e) => setInput(e.target.value)} spellCheck={false} />}
      </Field>
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
