import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect } from 'react';
import { useRole } from '../../api/session';
import type { Backend } from '../../api/types';
import { Confirm } from '../../components/confirm';
import { useServerWords } from '../../components/server-words';
import { StatusBadge } from '../../components/status-badge';
import { Trouble } from '../../components/trouble';
import { duration, number } from '../../lib/format';
import { wording } from '../../lib/wording';
import { useRemoveServer, useTestBackend } from './queries';
import { ServerDialog } from './server-dialog';

/** One model server: how it is, what it costs whom, a test; changes where it was connected here. */
export function BackendCard({ backend, fresh }: { backend: Backend; fresh: boolean }) {
  const { t, i18n } = useLingui();
  const say = useServerWords();
  const admin = useRole('admin');
  const test = useTestBackend();
  const remove = useRemoveServer();
  const { mutate } = test;
  // A server that was just connected is asked a question at once: some list their models to anybody.
  useEffect(() => {
    if (fresh) mutate(backend.name);
  }, [fresh, mutate, backend.name]);
  const trial = test.data;
  const kinds: Record<string, string> = { ollama: t`Ollama`, openai: t`OpenAI-compatible` };
  const origins: Record<string, string> = { configuration: t`from steward.yaml`, found: t`found by Steward`, built_in: t`part of Steward`, connected: t`connected here` };
  return (
    <article className="card stack-small" aria-label={backend.name}>
      <div className="spread">
        <h3>{backend.name}</h3>
        <StatusBadge status={backend.available ? 'up' : 'down'} />
      </div>
      <p className="mono quiet">{backend.url}</p>
      <p className="small quiet">
        {[kinds[backend.kind] ?? backend.kind, origins[backend.origin] ?? '', backend.privacy === 'local' ? t`stays here` : t`leaves this network`, backend.cost === 'free' ? t`free` : t`costs money`].join(' · ')}
      </p>
      {backend.key === 'lost' && (
        <p className="notice warn small">
          <Trans>Its key can't be opened on this machine: enter it again.</Trans>
        </p>
      )}
      {backend.message !== '' && <p className="small">{say(wording(backend.message, backend.words))}</p>}
      {backend.models.length > 0 && <p className="small mono">{backend.models.slice(0, MODELS_SHOWN).join(', ')}{backend.models.length > MODELS_SHOWN && ' …'}</p>}
      {(backend.in_flight > 0 || backend.waiting > 0) && (
        <p className="small">
          <Trans>
            Answering now: {number(backend.in_flight, i18n.locale)} (at most {number(backend.in_flight_max, i18n.locale)}), waiting: {number(backend.waiting, i18n.locale)}
          </Trans>
        </p>
      )}
      <div className="row">
        <button type="button" className="button small" disabled={test.isPending} onClick={() => mutate(backend.name)}>
          <Trans>Test it</Trans>
        </button>
        {admin && backend.origin === 'connected' && (
          <>
            <ServerDialog
              known={backend}
              trigger={
                <button type="button" className="button small">
                  <Trans>Change</Trans>
                </button>
              }
            />
            <Confirm
              trigger={
                <button type="button" className="button small danger" disabled={remove.isPending}>
                  <Trans>Remove</Trans>
                </button>
              }
              title={t`Remove ${backend.name}?`}
              detail={t`Its address and key are forgotten, and its models leave every order that was set here.`}
              action={t`Remove`}
              onConfirm={() => remove.mutate(backend.name)}
            />
          </>
        )}
      </div>
      <div className="small" role="status">
        {test.isPending && <span className="working">{t`Asking`}</span>}
        {trial?.answered === true && t`Answered in ${duration(trial.took_ms, i18n.locale)}.`}
        {trial?.answered === false && say(wording(trial.problem, trial.words))}
      </div>
      {test.isError && <Trouble error={test.error} />}
      {remove.isError && <Trouble error={remove.error} />}
    </article>
  );
}

const MODELS_SHOWN = 6;
