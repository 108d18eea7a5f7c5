import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { onSignedOut } from '../../api/client';
import { sessionQuery } from '../../api/session';
import { TRY_NOW } from '../../lib/backoff';

const SignInDialog = lazy(() => import('./sign-in-dialog'));

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
          void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'me' && query.queryKey[0] !== 'turns' });
        }
      }),
    [client],
  );
  if (!expired) return null;
  return (
    <Suspense>
      <SignInDialog email={email} />
    </Suspense>
  );
}
