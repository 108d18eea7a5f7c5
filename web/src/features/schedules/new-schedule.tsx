import { Dialog } from '@base-ui/react/dialog';
import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { sessionQuery } from '../../api/session';
import { Choice } from '../../components/choice';
import { Field, faultOf } from '../../components/field';
import { Icon } from '../../components/icon';
import { news } from '../../components/toasts';
import { Trouble } from '../../components/trouble';
import { type NewSchedule, previewQuery, useMakeSchedule } from './queries';
import { Runs } from './runs';
import { cronOf, type Rhythm } from './times';

const DAYS_MAX = 31;
const SHORTEST_MONTH = 28;
const SUNDAY_MS = Date.UTC(2026, 0, 4);
const DAY_MS = 86_400_000;

export function NewScheduleButton() {
  const [open, setOpen] = useState(false);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger className="button primary">
        <Icon name="plus" />
        <Trans>New schedule</Trans>
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog wide">
          <Dialog.Title render={<h2 />}>
            <Trans>What shall happen again and again?</Trans>
          </Dialog.Title>
          <Form onDone={() => setOpen(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Form({ onDone }: { onDone: () => void }) {
  const { t, i18n } = useLingui();
  const me = useQuery(sessionQuery);
  const [what, setWhat] = useState<NewSchedule['what']>('reminder');
  const [text, setText] = useState('');
  const [rhythm, setRhythm] = useState<Rhythm>('daily');
  const [time, setTime] = useState('08:00');
  const [weekday, setWeekday] = useState('1');
  const [day, setDay] = useState('1');
  const [own, setOwn] = useState('0 8 * * 1-5');
  const [zone, setZone] = useState(me.data?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  const times = { cron: rhythm === 'own' ? own : cronOf(rhythm, time, weekday, day), time_zone: zone };
  const preview = useQuery(previewQuery(times));
  const make = useMakeSchedule();
  const weekdays = [1, 2, 3, 4, 5, 6, 0].map((n) => [String(n), new Intl.DateTimeFormat(i18n.locale, { weekday: 'long', timeZone: 'UTC' }).format(SUNDAY_MS + n * DAY_MS)] as const);
  function submit(event: SubmitEvent) {
    event.preventDefault();
    make.mutate(
      { what, text, ...times },
      {
        onSuccess: () => {
          news.add({ title: t`It is scheduled.` });
          onDone();
        },
      },
    );
  }
  return (
    <form className="stack" onSubmit={submit}>
      {make.isError && <Trouble error={make.error} />}
      <Choice
        label={t`What?`}
        value={what}
        onChange={setWhat}
        options={[
          { value: 'reminder', name: t`Remind me` },
          { value: 'prompt', name: t`Ask the assistant`, detail: t`its answer is kept with the task` },
        ]}
      />
      <Field label={what === 'reminder' ? t`Of what?` : t`Question`} fault={faultOf(make.error, 'input.text') ?? faultOf(make.error, 'input.message')}>
        {(control) => <textarea {...control} className="input" rows={2} required value={text} onChange={(e) => setText(e.target.value)} />}
      </Field>
      <div className="settings-pair">
        <Field label={t`How often?`}>
          {(control) => (
            <select {...control} className="input" value={rhythm} onChange={(e) => setRhythm(e.target.value as Rhythm)}>
              <option value="daily">{t`Every day`}</option>
              <option value="workdays">{t`Monday to Friday`}</option>
              <option value="weekly">{t`Once a week`}</option>
              <option value="monthly">{t`Once a month`}</option>
              <option value="own">{t`A cron rule of my own`}</option>
            </select>
          )}
        </Field>
        {rhythm === 'own' ? (
          <Field label={t`Cron rule`} hint={t`Minute, hour, day, month, weekday`}>
            {(control) => <input {...control} className="input mono" required spellCheck={false} value={own} onChange={(e) => setOwn(e.target.value)} />}
          </Field>
        ) : (
          <Field label={t`At`}>{(control) => <input {...control} className="input" type="time" required value={time} onChange={(e) => setTime(e.target.value)} />}</Field>
        )}
        {rhythm === 'weekly' && (
          <Field label={t`On`}>
            {(control) => (
              <select {...control} className="input" value={weekday} onChange={(e) => setWeekday(e.target.value)}>
                {weekdays.map(([value, name]) => (
                  <option key={value} value={value}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        {rhythm === 'monthly' && (
          <Field label={t`On day`} {...(Number(day) > SHORTEST_MONTH && { hint: t`Months without this day are left out.` })}>
            {(control) => <input {...control} className="input" type="number" min={1} max={DAYS_MAX} required value={day} onChange={(e) => setDay(e.target.value)} />}
          </Field>
        )}
        <Field label={t`Time zone`}>{(control) => <input {...control} className="input" required spellCheck={false} value={zone} onChange={(e) => setZone(e.target.value)} />}</Field>
      </div>
      <div className="notice" role="status">
        {preview.isError && <Trouble error={preview.error} />}
        {preview.data !== undefined && (
          <>
            <strong>{preview.data.words}</strong>
            <Runs runs={preview.data.next_runs} />
            {preview.data.changes.map((change) => (
              <span key={change} className="small">
                {change}
              </span>
            ))}
          </>
        )}
        {preview.isPending && <span className="working quiet">{t`Reckoning`}</span>}
      </div>
      <div className="row">
        <button type="submit" className="button primary" disabled={make.isPending || !preview.isSuccess}>
          <Trans>Schedule it</Trans>
        </button>
        <button type="button" className="button" onClick={onDone}>
          <Trans>Leave it</Trans>
        </button>
      </div>
    </form>
  );
}
