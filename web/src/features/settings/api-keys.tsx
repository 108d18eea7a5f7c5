import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { api } from '../../api/client';
import type { ApiKey, MadeApiKey, Page } from '../../api/types';
import { Confirm } from '../../components/confirm';
import { CopyButton } from '../../components/copy-button';
import { Field, faultOf } from '../../components/field';
import { Loaded } from '../../components/loaded';
import { Moment } from '../../components/moment';
import { Trouble } from '../../components/trouble';
import { newKey } from '../../lib/keys';

/** Keys for programs: clients of the OpenAI-compatible door, scripts, other machines. */
export function ApiKeys() {
  const { t } = useLingui();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const keys = useQuery({ queryKey: ['api-keys'], queryFn: ({ signal }) => api.get<Page<ApiKey>>('/api-keys', signal) });
  const refresh = () => client.invalidateQueries({ queryKey: ['api-keys'] });
  const make = useMutation({
    mutationFn: () => api.post<MadeApiKey>('/api-keys', { key: newKey(), body: { name, scopes: ['read', 'chat'] } }),
    onSuccess: () => setName(''),
    onSettled: refresh,
  });
  const remove = useMutation({ mutationFn: (id: string) => api.delete(`/api-keys/${id}`), onSettled: refresh });
  function submit(event: SubmitEvent) {
    event.preventDefault();
    make.mutate();
  }
  return (
    <section className="card stack" aria-labelledby="api-keys">
      <div className="stack-small">
        <h2 id="api-keys">
          <Trans>Keys for programs</Trans>
        </h2>
        <p className="quiet small">
          <Trans>
            Any client for OpenAI's API works with one: its address is <code>{window.location.origin}/v1</code>.
          </Trans>
        </p>
      </div>
      <form className="row settings-make" onSubmit={submit}>
        <Field label={t`Name of the new key`} fault={faultOf(make.error, 'name')}>
          {(control) => <input {...control} className="input" required value={name} onChange={(e) => setName(e.target.value)} />}
        </Field>
        <button type="submit" className="button" disabled={make.isPending}>
          <Trans>Make a key</Trans>
        </button>
      </form>
      {make.isError && <Trouble error={make.error} />}
      {make.data !== undefined && (
        <div className="notice warn" role="status">
          <strong>
            <Trans>Copy it now; it is never shown again.</Trans>
          </strong>
          <span className="row">
            <code className="mono">{make.data.key}</code>
            <CopyButton text={make.data.key} name={t`Copy the key`} />
          </span>
        </div>
      )}
      {remove.isError && <Trouble error={remove.error} />}
      <Loaded from={keys}>
        {({ items }) => (
          <ul className="settings-list">
            {items.map((key) => (
              <li key={key.id} className="spread">
                <span>
                  {key.name}{' '}
                  <span className="quiet small">
                    <code>{key.handle}…</code> · {key.scopes.join(', ')} · <Trans>last used</Trans> <Moment at={key.last_used} />
                  </span>
                </span>
                <Confirm
                  trigger={
                    <button type="button" className="button small danger">
                      <Trans>Revoke</Trans>
                    </button>
                  }
                  title={t`Revoke "${key.name}"?`}
                  detail={t`Programs that use it are refused from now on.`}
                  action={t`Revoke`}
                  onConfirm={() => remove.mutate(key.id)}
                />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}
