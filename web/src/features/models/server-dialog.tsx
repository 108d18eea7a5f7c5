import { Dialog } from '@base-ui/react/dialog';
import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type ReactElement, type SubmitEvent, useState } from 'react';
import type { Backend } from '../../api/types';
import { Choice } from '../../components/choice';
import { Field, faultOf } from '../../components/field';
import { useServerWords } from '../../components/server-words';
import { news } from '../../components/toasts';
import { Trouble } from '../../components/trouble';
import { duration } from '../../lib/format';
import { wording } from '../../lib/wording';
import { backendsQuery, type Placing, type ServerForm, useChangeServer, useConnect, useTryServer } from './queries';
import { isNearby, suggestedName, USUAL_URL } from './server-form';

/** Connects a model server, or changes one that was connected here. */
export function ServerDialog({ trigger, known, kind, onSaved }: { trigger: ReactElement; known?: Backend; kind?: ServerForm['kind']; onSaved?: (name: string) => void }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger render={trigger} />
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog wide">
          <Dialog.Title render={<h2 />}>{known === undefined ? <Trans>Connect a model server</Trans> : <Trans>Change {known.name}</Trans>}</Dialog.Title>
          <Form
            known={known}
            first={kind}
            onDone={(saved) => {
              setOpen(false);
              if (saved !== undefined) onSaved?.(saved);
            }}
          />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

type Place = Placing['place'] | 'none';

function Form({ known, first = 'ollama', onDone }: { known: Backend | undefined; first: ServerForm['kind'] | undefined; onDone: (saved?: string) => void }) {
  const { t, i18n } = useLingui();
  const say = useServerWords();
  const backends = useQuery(backendsQuery);
  const taken = backends.data?.items.map((one) => one.name) ?? [];
  const alone = !(backends.data?.items.some((one) => one.available && one.models.length > 0 && one.origin !== 'built_in') ?? false);
  const [kind, setKind] = useState<ServerForm['kind']>(known === undefined ? first : known.kind === 'openai' ? 'openai' : 'ollama');
  const [url, setUrl] = useState(known?.url ?? USUAL_URL[first]);
  const [key, setKey] = useState('');
  const [chosenName, setName] = useState(known?.name);
  const [chosenPrivacy, setPrivacy] = useState<ServerForm['privacy'] | undefined>(known?.privacy === 'remote' ? 'remote' : known === undefined ? undefined : 'local');
  const [chosenCost, setCost] = useState<ServerForm['cost'] | undefined>(known?.cost === 'paid' ? 'paid' : known === undefined ? undefined : 'free');
  const [chosenModel, setModel] = useState<string>();
  const [chosenPlace, setPlace] = useState<Place>();
  const trial = useTryServer();
  const connect = useConnect();
  const change = useChangeServer();
  const seen = trial.data?.answered === true ? trial.data.models : [];
  const privacy = chosenPrivacy ?? (isNearby(url) ? 'local' : 'remote');
  const cost = chosenCost ?? (privacy === 'local' ? 'free' : 'paid');
  const name = chosenName ?? suggestedName(kind, url, taken);
  const place = chosenPlace ?? (alone ? 'first' : 'last');
  const model = chosenModel ?? seen[0];
  const form: ServerForm = { name, kind, url, api_key: key, privacy, cost };
  const saving = connect.isPending || change.isPending;
  const error = connect.error ?? change.error ?? trial.error;

  function use(next: ServerForm['kind']) {
    if (url === USUAL_URL[kind]) setUrl(USUAL_URL[next]);
    setKind(next);
    trial.reset();
  }
  function submit(event: SubmitEvent) {
    event.preventDefault();
    const onSuccess = () => {
      news.add({ title: known === undefined ? t`${name} is connected.` : t`Saved.` });
      onDone(name);
    };
    if (known !== undefined) change.mutate(form, { onSuccess });
    else connect.mutate({ form, placing: model === undefined || place === 'none' ? undefined : { model, place } }, { onSuccess });
  }

  return (
    <form className="stack" onSubmit={submit}>
      {error !== null && <Trouble error={error} />}
      {known === undefined && (
        <Choice
          label={t`What is it?`}
          value={kind}
          onChange={use}
          options={[
            { value: 'ollama', name: t`Ollama`, detail: t`on this machine or another one of yours` },
            { value: 'openai', name: t`OpenAI-compatible`, detail: t`OpenAI, OpenRouter, vLLM, LM Studio, llama.cpp and many others` },
          ]}
        />
      )}
      <Field label={t`Address`} hint={kind === 'ollama' ? t`Ollama listens at port 11434.` : t`As the server's own manual says; it most often ends in /v1.`} fault={faultOf(error, 'url')}>
        {(control) => <input {...control} className="input mono" inputMode="url" autoComplete="off" spellCheck={false} required value={url} onChange={(e) => { setUrl(e.target.value); trial.reset(); }} />}
      </Field>
      <Field label={t`Key`} hint={known?.key === 'stored' ? t`A key is stored. Leave this empty to keep it.` : t`Only if the server asks for one. It is kept sealed and never shown again.`} fault={faultOf(error, 'api_key')}>
        {(control) => <input {...control} className="input mono" type="password" autoComplete="off" value={key} onChange={(e) => { setKey(e.target.value); trial.reset(); }} />}
      </Field>
      <div className="stack-small">
        <div>
          <button type="button" className="button" disabled={trial.isPending || url.trim() === ''} onClick={() => trial.mutate(form)}>
            <Trans>Test</Trans>
          </button>
        </div>
        <div role="status">
          {trial.isPending && <span className="working quiet">{t`Asking`}</span>}
          {trial.data !== undefined && (
            <div className={`notice ${trial.data.problem === '' ? 'good' : 'warn'}`}>
              {trial.data.problem === '' ? (
                <>
                  <strong>{t`It answers, in ${duration(trial.data.took_ms, i18n.locale)}. Models: ${seen.length}`}</strong>
                  <span className="mono">{seen.slice(0, SHOWN_MAX).join(', ')}{seen.length > SHOWN_MAX && ' …'}</span>
                </>
              ) : (
                say(wording(trial.data.problem, trial.data.words))
              )}
            </div>
          )}
        </div>
      </div>
      <Choice
        label={t`Who can read what is sent there?`}
        value={privacy}
        onChange={setPrivacy}
        options={[
          { value: 'local', name: t`Nobody else`, detail: t`it runs on a machine of ours` },
          { value: 'remote', name: t`Whoever runs it`, detail: t`conversations leave this network` },
        ]}
      />
      <Choice
        label={t`Does asking it cost money?`}
        value={cost}
        onChange={setCost}
        options={[
          { value: 'free', name: t`No` },
          { value: 'paid', name: t`Yes` },
        ]}
      />
      {known === undefined && (
        <Field label={t`Name`} hint={t`Its models are called ${name}/…`} fault={faultOf(error, 'name')}>
          {(control) => <input {...control} className="input" required maxLength={NAME_MAX} pattern="[a-z0-9][a-z0-9_\-]*" autoComplete="off" spellCheck={false} value={name} onChange={(e) => setName(e.target.value)} />}
        </Field>
      )}
      {known === undefined && model !== undefined && (
        <div className="settings-pair">
          <Field label={t`Model`}>
            {(control) => (
              <select {...control} className="input" value={model} onChange={(e) => setModel(e.target.value)}>
                {seen.map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </select>
            )}
          </Field>
          <Field label={t`When is it asked?`}>
            {(control) => (
              <select {...control} className="input" value={place} onChange={(e) => setPlace(e.target.value as Place)}>
                <option value="first">{t`First, before all others`}</option>
                <option value="last">{t`When the others can't answer`}</option>
                <option value="none">{t`Only when somebody names it`}</option>
              </select>
            )}
          </Field>
        </div>
      )}
      <div className="row">
        <button type="submit" className="button primary" disabled={saving}>
          <Trans>Save</Trans>
        </button>
        <button type="button" className="button" onClick={() => onDone()}>
          <Trans>Leave it</Trans>
        </button>
      </div>
    </form>
  );
}

const SHOWN_MAX = 12;
const NAME_MAX = 40;
