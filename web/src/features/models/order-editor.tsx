import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useRole } from '../../api/session';
import type { Chain } from '../../api/types';
import { Icon } from '../../components/icon';
import { Loaded } from '../../components/loaded';
import { news } from '../../components/toasts';
import { Trouble } from '../../components/trouble';
import { chainQuery, modelsQuery, type Scope, useSetOrder } from './queries';

/** An order of failover: who is asked first, and who goes on when that one fails. Administrators change it in place. */
export function OrderEditor({ scope }: { scope: Scope }) {
  const chain = useQuery(chainQuery(scope));
  const admin = useRole('admin');
  return <Loaded from={chain}>{(data) => (admin ? <Editor key={data.models.join('\n')} scope={scope} chain={data} /> : <Shown models={data.models} />)}</Loaded>;
}

function useOrderWords(): (model: string) => string {
  const { t } = useLingui();
  const models = useQuery(modelsQuery);
  return (name) => {
    const model = models.data?.items.find((one) => one.name === name);
    if (model === undefined) return models.data === undefined ? '' : t`not there now`;
    return [model.privacy === 'local' ? t`stays here` : t`leaves this network`, ...(model.cost === 'paid' ? [t`costs money`] : [])].join(', ');
  };
}

function Shown({ models }: { models: string[] }) {
  const words = useOrderWords();
  if (models.length === 0) return <Nobody />;
  return (
    <ol className="order">
      {models.map((model) => (
        <li key={model}>
          <strong>{model}</strong> <span className="quiet small">{words(model)}</span>
        </li>
      ))}
    </ol>
  );
}

function Nobody() {
  return (
    <p className="quiet">
      <Trans>No model can be reached. Questions are kept and answered when one is back.</Trans>
    </p>
  );
}

function Editor({ scope, chain }: { scope: Scope; chain: Chain }) {
  const { t } = useLingui();
  const [order, setOrder] = useState(chain.models);
  const models = useQuery(modelsQuery);
  const save = useSetOrder(scope);
  const words = useOrderWords();
  const others = (models.data?.items ?? []).map((model) => model.name).filter((name) => !order.includes(name));
  const changed = order.join('\n') !== chain.models.join('\n');
  const sources: Record<string, string> = {
    stored: t`Set here.`,
    configuration: t`As steward.yaml says.`,
    automatic: scope === 'default' ? t`Nobody set an order: this is what Steward found, and nothing further away or dearer than the first.` : t`No order of its own: it asks as all others do.`,
  };
  function move(from: number, to: number) {
    const next = [...order];
    const [moved] = next.splice(from, 1);
    if (moved === undefined) return;
    next.splice(to, 0, moved);
    setOrder(next);
  }
  return (
    <div className="stack-small">
      {save.isError && <Trouble error={save.error} />}
      <p className="quiet small">{sources[chain.source]}</p>
      {order.length === 0 && <Nobody />}
      <ol className="order editable">
        {order.map((model, i) => (
          <li key={model}>
            <span className="order-row">
              <span>
                <strong>{model}</strong> <span className="quiet small">{words(model)}</span>
              </span>
              <span className="row tight">
                <button type="button" className="button plain icon small" disabled={i === 0} aria-label={t`Ask ${model} earlier`} onClick={() => move(i, i - 1)}>
                  <Icon name="up" size={16} />
                </button>
                <button type="button" className="button plain icon small" disabled={i === order.length - 1} aria-label={t`Ask ${model} later`} onClick={() => move(i, i + 1)}>
                  <Icon name="down" size={16} />
                </button>
                <button type="button" className="button plain icon small" disabled={order.length === 1} aria-label={t`Take ${model} out of the order`} onClick={() => setOrder(order.filter((other) => other !== model))}>
                  <Icon name="close" size={16} />
                </button>
              </span>
            </span>
          </li>
        ))}
      </ol>
      <div className="row">
        {others.length > 0 && (
          <select className="input narrow" aria-label={t`Add a model to the order`} value="" onChange={(e) => setOrder([...order, e.target.value])}>
            <option value="" disabled>
              {t`Add a model`}
            </option>
            {others.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        )}
        {changed && (
          <>
            <button type="button" className="button primary" disabled={save.isPending || order.length === 0} onClick={() => save.mutate(order, { onSuccess: () => news.add({ title: t`Saved.` }) })}>
              <Trans>Save the order</Trans>
            </button>
            <button type="button" className="button" onClick={() => setOrder(chain.models)}>
              <Trans>Leave it</Trans>
            </button>
          </>
        )}
        {!changed && chain.source === 'stored' && (
          <button type="button" className="button" disabled={save.isPending} onClick={() => save.mutate(undefined)}>
            {chain.configured.length > 0 ? <Trans>Back to what steward.yaml says</Trans> : <Trans>Back to no order</Trans>}
          </button>
        )}
      </div>
      {others.length > 0 && (
        <p className="small quiet">
          <Trans>Asked only by name:</Trans> {others.join(', ')}
        </p>
      )}
    </div>
  );
}
