import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { catalogueQuery } from '../../api/catalogue';
import { useRole } from '../../api/session';
import { Icon } from '../../components/icon';
import { Loaded } from '../../components/loaded';
import { Page } from '../../components/page';
import { BackendCard } from './backend-card';
import { CatalogueCard } from './catalogue-card';
import './models.css';
import { OrderEditor } from './order-editor';
import { backendsQuery } from './queries';
import { ServerDialog } from './server-dialog';

/** Model servers with a test, the order in which they are asked, and the models that Steward can bring itself. */
export function ModelsPage() {
  const { t } = useLingui();
  const backends = useQuery(backendsQuery);
  const admin = useRole('admin');
  const [fresh, setFresh] = useState<string>();
  const catalogue = useQuery(catalogueQuery);
  return (
    <Page
      title={t`Models`}
      lead={t`Who answers: the first model of the order that works. When it fails, the next one goes on.`}
      actions={
        <Link to="/welcome" className="button">
          <Trans>Step by step</Trans>
        </Link>
      }
    >
      <section className="stack" aria-labelledby="servers">
        <div className="spread">
          <h2 id="servers">
            <Trans>Model servers</Trans>
          </h2>
          {admin && (
            <ServerDialog
              onSaved={setFresh}
              trigger={
                <button type="button" className="button primary">
                  <Icon name="plus" />
                  <Trans>Connect a server</Trans>
                </button>
              }
            />
          )}
        </div>
        <Loaded from={backends}>
          {({ items }) => (
            <div className="cards-grid">
              {items.map((backend) => (
                <BackendCard key={backend.name} backend={backend} fresh={backend.name === fresh} />
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
        <OrderEditor scope="default" />
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
          Start Ollama on this machine and Steward finds it, connect another server here, or install a built-in model below.
        </Trans>
      </p>
    </div>
  );
}
