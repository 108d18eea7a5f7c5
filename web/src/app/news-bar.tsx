import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client';
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
  const news = !online ? (
    <Trans>No network. You can read and write; what you send waits here and goes out by itself.</Trans>
  ) : models.isError ? (
    <Trans>The server does not answer. What you send waits here and goes out by itself when it is back.</Trans>
  ) : models.data?.status === 'down' ? (
    <Trans>No model can answer just now. Your questions are kept and answered when one is back; everything else works.</Trans>
  ) : undefined;
  // The region is always there, so that screen readers tell what appears in it.
  return (
    <div role="status" className={news === undefined ? undefined : 'banner'}>
      {news}
    </div>
  );
}
