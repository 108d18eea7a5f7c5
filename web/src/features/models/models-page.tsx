import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { catalogueQuery } from '../../api/catalogue';
import type { Backend, CatalogueModel, Model } from '../../api/types';
import { Confirm } from '../../components/confirm';
import { InstallProgress } from '../../components/install-progress';
import { Loaded } from '../../components/loaded';
import { Page } from '../../components/page';
import { StatusBadge } from '../../components/status-badge';
import { Trouble } from '../../components/trouble';
import { bytes, duration, number } from '../../lib/format';
import './models.css';
import { backendsQuery, modelsQuery, useInstallation, useTestBackend } from './queries';

/** Model servers with a test, the order in which they are asked, and the models that Steward can bring itself. */
export function ModelsPage() {
  const { t } = useLingui();
  const backends = useQuery(backendsQuery);
  const models = useQuery(modelsQuery);
  const catalogue = useQuery(catalogueQuery);
  return (
    <Page title={t`Models`} lead={t`Who answers: the first model of the order that works. When it fails, the next one goes on.`}>
      <section className="stack" aria-labelledby="servers">
        <h2 id="servers">
          <Trans>Model servers</Trans>
        </h2>
        <Loaded from={backends}>
          {({ items }) => (
            <div className="cards-grid">
              {items.map((backend) => (
                <BackendCard key={backend.name} backend={backend} />
              ))}
              {items.length === 0 && <ConnectHint />}
            </div>
          )}
        </Loaded>
      </section>
      <section className="stack" aria-labelledby="order">
        <h2 id="order">
          <Trans>Order</Trans>
        </h2>
        <Loaded from={models}>{({ items }) => <Order items={items} />}</Loaded>
      </section>
      <section className="stack" aria-labelledby="catalogue">
        <div className="stack-small">
          <h2 id="catalogue">
            <Trans>Built-in models</Trans>
          </h2>
          <p className="quiet small">
            <Trans>Small models that run on this machine without any other program.</Trans>
          </p>
        </div>
        <Loaded from={catalogue}>
          {({ items }) => (
            <div className="cards-grid">
              {items.map((model) => (
                <CatalogueCard key={model.id} model={model} />
              ))}
            </div>
          )}
        </Loaded>
      </section>
    </Page>
  );
}

function ConnectHint() {
  return (
    <div className="card stack-small">
      <p>
        <Trans>No model server is set up.</Trans>
      </p>
      <p className="quiet small">
        <Trans>
          Start Ollama on this machine and Steward finds it, name one in <code>steward.yaml</code>, or install a built-in model below.
        </Trans>
      </p>
    </div>
  );
}

function BackendCard({ backend }: { backend: Backend }) {
  const { t, i18n } = useLingui();
  const test = useTestBackend();
  const trial = test.data;
  return (
    <article className="card stack-small">
      <div className="spread">
        <h3>{backend.name}</h3>
        <StatusBadge status={backend.available ? 'up' : 'down'} />
      </div>
      <p className="mono quiet">{backend.url}</p>
      <p className="small quiet">
        {backend.kind} · {backend.privacy === 'local' ? t`on this machine or network` : t`elsewhere`} · {backend.cost === 'free' ? t`free` : t`costs money`}
      </p>
      {backend.message !== '' && <p className="small">{backend.message}</p>}
      <p className="small">
        <Trans>
          {number(backend.in_flight, i18n.locale)} of {number(backend.in_flight_max, i18n.locale)} at once, {number(backend.waiting, i18n.locale)} waiting
        </Trans>
      </p>
      <div className="row">
        <button type="button" className="button small" disabled={test.isPending} onClick={() => test.mutate(backend.name)}>
          <Trans>Test it</Trans>
        </button>
        <span className="small" role="status">
          {test.isPending && <span className="working">{t`Asking`}</span>}
          {trial?.answered === true && t`Answered in ${duration(trial.took_ms, i18n.locale)}.`}
          {trial?.answered === false && trial.problem}
        </span>
      </div>
      {test.isError && <Trouble error={test.error} />}
    </article>
  );
}

function Order({ items }: { items: Model[] }) {
  const { t } = useLingui();
  const placed = items.filter((model) => model.position != null).sort((a, b) => Number(a.position) - Number(b.position));
  if (items.length === 0) {
    return (
      <p className="quiet">
        <Trans>No model can be reached. Questions are kept and answered when one is back.</Trans>
      </p>
    );
  }
  const others = items.filter((model) => model.position == null);
  return (
    <div className="stack-small">
      <ol className="order">
        {placed.map((model) => (
          <li key={model.name}>
            <strong>{model.name}</strong> <span className="quiet small">{model.privacy === 'local' ? t`stays here` : t`goes elsewhere`}</span>
          </li>
        ))}
      </ol>
      {others.length > 0 && (
        <p className="small quiet">
          <Trans>Only when asked for by name:</Trans> {others.map((model) => model.name).join(', ')}
        </p>
      )}
    </div>
  );
}

function CatalogueCard({ model }: { model: CatalogueModel }) {
  const { t, i18n } = useLingui();
  const installation = useInstallation();
  const { progress } = model;
  const installed = model.state === 'installed' || model.state === 'ready' || model.state === 'active';
  return (
    <article className="card stack-small">
      <div className="spread">
        <h3>{model.display_name}</h3>
        <StatusBadge status={model.state} />
      </div>
      <p className="small quiet">
        {bytes(model.bytes, i18n.locale)} · {model.licence} · {model.languages}
      </p>
      <p className="small">{model.notes}</p>
      <InstallProgress model={model} />
      {model.message !== '' && <p className="small">{model.message}</p>}
      {installation.isError && <Trouble error={installation.error} />}
      <div className="row">
        {!installed && progress == null && (
          <button type="button" className="button small" disabled={installation.isPending} onClick={() => installation.mutate({ id: model.id, install: true })}>
            <Trans>Install</Trans>
          </button>
        )}
        {(installed || progress != null) && (
          <Confirm
            trigger={<button type="button" className="button small danger">{installed ? <Trans>Remove</Trans> : <Trans>Stop</Trans>}</button>}
            title={t`Remove ${model.display_name}?`}
            detail={t`Its file is deleted from this machine. It can be fetched again.`}
            action={t`Remove`}
            onConfirm={() => installation.mutate({ id: model.id, install: false })}
          />
        )}
      </div>
    </article>
  );
}
