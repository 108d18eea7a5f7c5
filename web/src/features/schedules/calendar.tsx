import { Dialog } from '@base-ui/react/dialog';
import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Confirm } from '../../components/confirm';
import { CopyButton } from '../../components/copy-button';
import { Field } from '../../components/field';
import { Loaded } from '../../components/loaded';
import { Moment } from '../../components/moment';
import { Trouble } from '../../components/trouble';
import { feedQuery, useEndFeed, useImport, useMakeFeed } from './queries';
import { Runs } from './runs';

/** Calendars out and in: the private address that other programs read, and files that reminders are made of. */
export function CalendarCard() {
  const { t } = useLingui();
  const feed = useQuery(feedQuery);
  return (
    <section className="card stack-small" aria-label={t`Your calendar`}>
      <div className="spread">
        <h2>
          <Trans>Your calendar</Trans>
        </h2>
        <ImportButton />
      </div>
      <p className="quiet">
        <Trans>Other calendar programs can show what is scheduled here, at a private address. Whoever has it can read your calendar.</Trans>
      </p>
      <Loaded from={feed}>{({ enabled, read_at }) => <Feed enabled={enabled} readAt={read_at ?? undefined} />}</Loaded>
    </section>
  );
}

function Feed({ enabled, readAt }: { enabled: boolean; readAt: string | undefined }) {
  const { t } = useLingui();
  const make = useMakeFeed();
  const end = useEndFeed();
  const address = enabled && make.data !== undefined ? location.origin + make.data.path : undefined;
  const busy = make.isPending || end.isPending;
  return (
    <>
      {make.isError && <Trouble error={make.error} />}
      {end.isError && <Trouble error={end.error} />}
      {address !== undefined && (
        <div className="notice stack-small" role="status">
          <strong>
            <Trans>Copy the address now; it is not shown again.</Trans>
          </strong>
          <div className="calendar-address">
            <code>{address}</code>
            <CopyButton text={address} name={t`Copy the address`} />
          </div>
        </div>
      )}
      {enabled && address === undefined && (
        <p>
          {readAt === undefined ? (
            <Trans>There is an address; no program has read it yet.</Trans>
          ) : (
            <Trans>
              There is an address; a program read it last <Moment at={readAt} />.
            </Trans>
          )}
        </p>
      )}
      <div className="row">
        {enabled ? (
          <>
            <Confirm
              trigger={
                <button type="button" className="button small" disabled={busy}>
                  <Trans>Make a new address</Trans>
                </button>
              }
              title={t`Make a new address?`}
              detail={t`The one there is ends at once; programs that read it have to be given the new one.`}
              action={t`Make a new address`}
              onConfirm={() => make.mutate()}
            />
            <Confirm
              trigger={
                <button type="button" className="button small danger" disabled={busy}>
                  <Trans>End it</Trans>
                </button>
              }
              title={t`End the address of your calendar?`}
              detail={t`No program can read it any more. What is scheduled stays.`}
              action={t`End it`}
              onConfirm={() => end.mutate()}
            />
          </>
        ) : (
          <button type="button" className="button small" disabled={busy} onClick={() => make.mutate()}>
            <Trans>Make an address</Trans>
          </button>
        )}
      </div>
    </>
  );
}

function ImportButton() {
  const [open, setOpen] = useState(false);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger className="button small">
        <Trans>Import a file</Trans>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog wide">
          <Dialog.Title render={<h2 />}>
            <Trans>Reminders from a calendar file</Trans>
          </Dialog.Title>
          <Import onDone={() => setOpen(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Import({ onDone }: { onDone: () => void }) {
  const { t } = useLingui();
  const [calendar, setCalendar] = useState('');
  const shown = useImport();
  const made = useImport();
  const result = made.data ?? shown.data;
  const fresh = (shown.data?.entries ?? []).filter((entry) => entry.status === 'new').length;
  const count = made.data?.made ?? 0;
  const states: Record<string, string> = {
    new: t`will be made`,
    made: t`made`,
    known: t`here already`,
    past: t`over`,
    cancelled: t`called off`,
    done: t`done already`,
    no_time: t`has no time`,
    one_of_many: t`a moved date of a series, left out`,
    listed_dates: t`lists single dates, which can’t be read`,
  };
  function choose(file: File | undefined) {
    made.reset();
    shown.reset();
    void file?.text().then((text) => {
      setCalendar(text);
      shown.mutate({ calendar: text, dry_run: true });
    });
  }
  return (
    <div className="stack">
      <Field label={t`Calendar file (.ics)`} hint={t`First you see what it would come to; nothing is made yet.`}>
        {(control) => <input {...control} className="input" type="file" accept=".ics,text/calendar" onChange={(e) => choose(e.target.files?.[0])} />}
      </Field>
      {shown.isError && <Trouble error={shown.error} />}
      {made.isError && <Trouble error={made.error} />}
      {shown.isPending && <span className="working quiet">{t`Reading the file`}</span>}
      {made.isSuccess && (
        <p className="notice" role="status">
          <Plural value={count} one="# reminder was made." other="# reminders were made." />
        </p>
      )}
      {result !== undefined && (
        <ul className="calendar-entries">
          {result.entries.map((entry) => (
            <li key={`${entry.line} ${entry.uid}`}>
              <strong>{entry.what}</strong> <span className="quiet small">{states[entry.status] ?? entry.status}</span>
              {entry.words != null && <div>{entry.words}</div>}
              {entry.next_runs.length > 1 && (
                <details>
                  <summary className="small">
                    <Trans>Next five</Trans>
                  </summary>
                  <Runs runs={entry.next_runs} />
                  {entry.changes.map((change) => (
                    <p key={change} className="small quiet">
                      {change}
                    </p>
                  ))}
                </details>
              )}
            </li>
          ))}
        </ul>
      )}
      <div className="row">
        {!made.isSuccess && (
          <button type="button" className="button primary" disabled={fresh === 0 || made.isPending} onClick={() => made.mutate({ calendar, dry_run: false })}>
            <Plural value={fresh} one="Make # reminder" other="Make # reminders" />
          </button>
        )}
        <button type="button" className="button" onClick={onDone}>
          <Trans>Close</Trans>
        </button>
      </div>
    </div>
  );
}
