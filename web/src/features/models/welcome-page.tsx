import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { catalogueQuery } from '../../api/catalogue';
import { sessionQuery, useRole } from '../../api/session';
import type { Backend } from '../../api/types';
import { Loaded } from '../../components/loaded';
import { Page } from '../../components/page';
import { BackendCard } from './backend-card';
import { CatalogueCard } from './catalogue-card';
import './models.css';
import { backendsQuery, modelsQuery, type ServerForm } from './queries';
import { ServerDialog } from './server-dialog';

/** How often it is looked whether a model has come, in milliseconds. */
const LOOK_MS = 3_000;

/** The first minutes of an administrator: who answers, and what else could. Everything here can be passed over. */
export function WelcomePage() {
  const { t } = useLingui();
  const session = useQuery(sessionQuery);
  const models = useQuery({ ...modelsQuery, refetchInterval: LOOK_MS });
  const backends = useQuery({ ...backendsQuery, refetchInterval: LOOK_MS });
  const catalogue = useQuery(catalogueQuery);
  const [fresh, setFresh] = useState<string>();
  const first = models.data?.items[0];
  const answering = backends.data?.items.find((backend) => backend.name === first?.backend);
  const coming = catalogue.data?.items.find((model) => model.progress != null);
  const offered = catalogue.data?.items[0];
  const name = session.data?.display_name ?? '';
  const built = coming ?? (answering?.origin === 'built_in' ? undefined : offered);
  return (
    <Page title={name === '' ? t`Welcome` : t`Welcome, ${name}`} lead={t`Steward is running. One thing is left to see to: which language model answers. Everything here can be changed later, under Models.`}>
      <Steps>
        <Step title={t`Who answers now`}>
          <Loaded from={models}>
            {() =>
              first === undefined ? (
                <p className="notice warn" role="status">
                  {coming === undefined ? (
                    <Trans>No language model is there yet. You can ask all the same: the answer comes as soon as there is one.</Trans>
                  ) : (
                    <Trans>{coming.display_name} is being fetched. You can ask already: the answer comes as soon as it is there.</Trans>
                  )}
                </p>
              ) : (
                <>
                  <p className="notice good" role="status">
                    <strong>{first.name}</strong>
                    <span>
                      {first.privacy === 'local' ? <Trans>What you write stays on machines of yours.</Trans> : <Trans>What you write is sent to whoever runs this model.</Trans>}{' '}
                      {first.cost === 'free' ? <Trans>It costs nothing.</Trans> : <Trans>Each question costs money.</Trans>}
                    </span>
                  </p>
                  {answering !== undefined && <BackendCard key={answering.name} backend={answering} fresh={answering.name === fresh} />}
                </>
              )
            }
          </Loaded>
        </Step>
        <Step title={t`What else could answer`}>
          <div className="cards-grid">
            {built !== undefined && <CatalogueCard model={built} />}
            <Connecting kind="ollama" backends={backends.data?.items ?? []} onSaved={setFresh} />
            <Connecting kind="openai" backends={backends.data?.items ?? []} onSaved={setFresh} />
          </div>
        </Step>
        <Step title={t`Begin`}>
          <p className="quiet">
            <Trans>Press Ctrl+K or ⌘K anywhere to find pages, conversations and commands.</Trans>
          </p>
          <div className="row">
            <Link to="/" className="button primary">
              {first === undefined ? <Trans>Go on without a model</Trans> : <Trans>Start talking</Trans>}
            </Link>
            <Link to="/models" className="button">
              <Trans>All about the models</Trans>
            </Link>
          </div>
        </Step>
      </Steps>
    </Page>
  );
}

function Steps({ children }: { children: ReactNode }) {
  // Whoever comes here by registering had the focus in a form that is gone.
  useEffect(() => {
    const heading = document.querySelector<HTMLElement>('#content h1');
    if (heading === null || document.activeElement !== document.body) return;
    heading.tabIndex = -1;
    heading.focus();
  }, []);
  return <ol className="steps">{children}</ol>;
}

function Step({ title, children }: { title: string; children: ReactNode }) {
  return (
    <li className="stack">
      <h2>{title}</h2>
      {children}
    </li>
  );
}

/** A kind of server that can be connected, or the one of its kind that is. */
function Connecting({ kind, backends, onSaved }: { kind: ServerForm['kind']; backends: Backend[]; onSaved: (name: string) => void }) {
  const admin = useRole('admin');
  const known = backends.find((backend) => backend.kind === kind && backend.available && backend.origin !== 'built_in');
  return (
    <article className="card stack-small">
      <h3>{kind === 'ollama' ? <Trans>Ollama</Trans> : <Trans>A service with a key</Trans>}</h3>
      <p className="small quiet">
        {kind === 'ollama' ? (
          <Trans>Larger models on a machine of yours. When it runs on this one, Steward finds it by itself.</Trans>
        ) : (
          <Trans>OpenAI, OpenRouter and others that speak the same API. What is asked there leaves this network, and mostly costs money.</Trans>
        )}
      </p>
      {known !== undefined && (
        <p className="small">
          <Trans>Connected: {known.name}</Trans>
        </p>
      )}
      {admin && (
        <div className="row">
          <ServerDialog
            kind={kind}
            onSaved={onSaved}
            trigger={
              <button type="button" className="button small">
                {kind === 'ollama' ? <Trans>Connect Ollama</Trans> : <Trans>Connect a service</Trans>}
              </button>
            }
          />
        </div>
      )}
    </article>
  );
}
