import { Trans } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api } from '../api/client';
import { TRY_NOW } from '../lib/backoff';
import { useNewVersion } from '../lib/new-version';
import { useOnline } from '../lib/use-online';

const CALM_MS = 20_000;
const WORRIED_MS = 3_000;

/** What does not work just now, and what does; nothing when all is well. */
export function NewsBar() {
  const online = useOnline();
  const models = useQuery({
    queryKey: ['health', 'models'],
    queryFn: () => api.health<{ status: string }>('/health/models'),
    refetchInterval: (query) => (query.state.status === 'error' || query.state.data?.status === 'down' ? WORRIED_MS : CALM_MS),
    retry: false,
  });
  const newer = useNewVersion();
  useReturn(models.isError);
  const news = !online ? (
    <Trans>No network. You can read and write; what you send waits here and goes out by itself.</Trans>
  ) : models.isError ? (
    <Trans>The server does not answer. What you send waits here and goes out by itself when it is back.</Trans>
  ) : models.data?.status === 'down' ? (
    <Trans>No model can answer just now. Your questions are kept and answered when one is back; everything else works.</Trans>
  ) : undefined;
  // The region is always there, so that screen readers tell what appears in it.
  return (
    <div role="status" className={news === undefined && !newer ? undefined : 'banner'}>
      {news}
      {news === undefined && newer && (
        <>
          <Trans>There is a new version of these pages. What you are writing is kept.</Trans>{' '}
          <button type="button" className="button small" onClick={() => window.location.reload()}>
            <Trans>Load it</Trans>
          </button>
        </>
      )}
    </div>
  );
}

/** When the server is back, what waits is tried at once, and what is shown is brought up to date. */
function useReturn(away: boolean) {
  const client = useQueryClient();
  const was = useRef(false);
  useEffect(() => {
    if (was.current && !away) {
      window.dispatchEvent(new Event(TRY_NOW));
      void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'turns' && query.queryKey[0] !== 'health' });
    }
    was.current = away;
  }, [away, client]);
}
