import { Dialog } from '@base-ui/react/dialog';
import { Trans } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { onSignedOut } from '../../api/client';
import { sessionQuery } from '../../api/session';
import { TRY_NOW } from '../../lib/backoff';
import { SignInForm } from './sign-in-form';

/** Renews a session that has ended, in place: the page below keeps all that was typed. */
export function SignInAgain() {
  const email = useQuery(sessionQuery).data?.email;
  const client = useQueryClient();
  const [expired, setExpired] = useState(false);
  useEffect(() => onSignedOut(() => setExpired(true)), []);
  useEffect(
    () =>
      client.getQueryCache().subscribe((event) => {
        const signedIn = event.type === 'updated' && event.action.type === 'success' && (event.query.queryKey as readonly unknown[])[0] === 'me';
        if (signedIn && event.query.state.data !== null) {
          setExpired(false);
          window.dispatchEvent(new Event(TRY_NOW));
          void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'me' });
        }
      }),
    [client],
  );
  return (
    <Dialog.Root open={expired} disablePointerDismissal>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title render={<h2 />}>
            <Trans>Sign in again</Trans>
          </Dialog.Title>
          <Dialog.Description className="quiet">
            <Trans>Your session has ended. Nothing you typed is lost.</Trans>
          </Dialog.Description>
          <SignInForm email={email} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
