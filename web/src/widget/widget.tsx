import { Trans, useLingui } from '@lingui/react/macro';
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { holdsSession, onSignedOut } from '../api/client';
import { sessionQuery } from '../api/session';
import { Icon } from '../components/icon';
import { Loaded } from '../components/loaded';
import { SignInForm } from '../features/session/sign-in-form';
import { Talk } from './talk';
import { onOpened, tellParent } from './parent';
import './widget.css';

const client = new QueryClient({ defaultOptions: { queries: { retry: 2, staleTime: 5_000 } } });

/** The assistant inside of another site: sign in, ask, read. Everything else is in Steward itself, a click away. */
export function Widget() {
  return (
    <QueryClientProvider client={client}>
      <Frame />
    </QueryClientProvider>
  );
}

function Frame() {
  const { t } = useLingui();
  const session = useQuery(sessionQuery);
  const [round, setRound] = useState(0);
  const body = useRef<HTMLElement>(null);
  useEffect(() => onSignedOut(() => client.setQueryData(sessionQuery.queryKey, null)), []);
  useEffect(() => {
    const stop = onOpened(() => body.current?.querySelector<HTMLElement>('textarea, input')?.focus());
    tellParent('ready');
    function escape(event: KeyboardEvent) {
      if (event.key === 'Escape') tellParent('close');
    }
    window.addEventListener('keydown', escape);
    return () => {
      stop();
      window.removeEventListener('keydown', escape);
    };
  }, []);
  const signedIn = session.data !== null && session.data !== undefined;
  return (
    <div className="widget">
      <header className="widget-head">
        <strong>Steward</strong>
        <span className="row">
          {signedIn && (
            <button type="button" className="button plain icon small" aria-label={t`New conversation`} title={t`New conversation`} onClick={() => setRound(round + 1)}>
              <Icon name="plus" />
            </button>
          )}
          <a className="button plain small" href="/" target="_blank" rel="noopener">
            <Trans>Open Steward</Trans>
          </a>
          <button type="button" className="button plain icon small" aria-label={t`Close`} onClick={() => tellParent('close')}>
            <Icon name="close" />
          </button>
        </span>
      </header>
      <main className="widget-body" ref={body}>
        {session.data === undefined ? (
          <div className="widget-pad">
            <Loaded from={session}>{() => null}</Loaded>
          </div>
        ) : signedIn && holdsSession() ? (
          <Talk key={round} />
        ) : (
          <div className="widget-pad stack">
            <h1>
              <Trans>Sign in to Steward</Trans>
            </h1>
            {signedIn && (
              <p className="notice warn" role="alert">
                <Trans>This browser keeps no sign-in inside of other sites. Open Steward itself; with https it works here, too.</Trans>
              </p>
            )}
            <SignInForm />
          </div>
        )}
      </main>
    </div>
  );
}
