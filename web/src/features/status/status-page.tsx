import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client';
import type { Breaker, HealthPart, Page as ListPage } from '../../api/types';
import { Loaded } from '../../components/loaded';
import { Moment } from '../../components/moment';
import { Page } from '../../components/page';
import { useServerWords } from '../../components/server-words';
import { StatusBadge } from '../../components/status-badge';
import { Trouble } from '../../components/trouble';
import { wording } from '../../lib/wording';
import { usePartNames } from './names';

const EVERY_MS = 5_000;

interface Health {
  status: string;
  version: string;
  components: HealthPart[] | null;
}

/** Which parts work, when they last did, and what the breakers hold back. */
export function StatusPage() {
  const { t } = useLingui();
  const health = useQuery({ queryKey: ['health'], queryFn: () => api.health<Health>('/health'), refetchInterval: EVERY_MS });
  const breakers = useQuery({ queryKey: ['breakers'], queryFn: ({ signal }) => api.get<ListPage<Breaker>>('/breakers', signal), refetchInterval: EVERY_MS });
  return (
    <Page title={t`Status`} lead={t`Each part of the server, the most needed first, as it is right now.`} actions={health.data && <StatusBadge status={health.data.status} />}>
      <Loaded from={health}>{({ components, version }) => <Components items={components ?? []} version={version} />}</Loaded>
      <section className="stack" aria-labelledby="breakers">
        <div className="stack-small">
          <h2 id="breakers">
            <Trans>Breakers</Trans>
          </h2>
          <p className="quiet small">
            <Trans>A breaker opens when what it guards fails several times in a row; then it is left alone for a while, and tried again by itself.</Trans>
          </p>
        </div>
        <Loaded from={breakers}>{({ items }) => (items.length === 0 ? <NoBreakers /> : <Breakers items={items} />)}</Loaded>
      </section>
    </Page>
  );
}

function NoBreakers() {
  return (
    <p className="quiet">
      <Trans>No breaker has been needed yet.</Trans>
    </p>
  );
}

function Components({ items, version }: { items: HealthPart[]; version: string }) {
  const { t } = useLingui();
  const say = useServerWords();
  const names = usePartNames();
  return (
    <div className="stack-small">
      <div className="table-frame">
        <table className="cards">
          <thead>
            <tr>
              <th>{t`Part`}</th>
              <th>{t`State`}</th>
              <th>{t`Since`}</th>
              <th>{t`Last worked`}</th>
              <th>{t`What it means`}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((part) => (
              <tr key={part.name}>
                <th scope="row">
                  {names.part(part.name)} <span className="quiet small">{names.tier(part.tier)}</span>
                </th>
                <td>
                  <StatusBadge status={part.status} />
                </td>
                <td data-label={t`Since`}>
                  <Moment at={part.since} />
                </td>
                <td data-label={t`Last worked`}>
                  <Moment at={part.last_success} />
                </td>
                <td>{part.message === '' ? <Trans>Everything works.</Trans> : say(wording(part.message, part.words))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="quiet small">Steward {version}</p>
    </div>
  );
}

function Breakers({ items }: { items: Breaker[] }) {
  const { t } = useLingui();
  const names = usePartNames();
  const client = useQueryClient();
  const reset = useMutation({
    mutationFn: (name: string) => api.post<Breaker>(`/breakers/${encodeURIComponent(name)}/reset`),
    onSettled: () => client.invalidateQueries({ queryKey: ['breakers'] }),
  });
  return (
    <>
      {reset.isError && <Trouble error={reset.error} />}
      <div className="table-frame">
        <table className="cards">
          <thead>
            <tr>
              <th>{t`Guards`}</th>
              <th>{t`State`}</th>
              <th className="number">{t`Failures`}</th>
              <th>{t`Last failure`}</th>
              <th>
                <span className="visually-hidden">{t`What can be done`}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((breaker) => (
              <tr key={breaker.name}>
                <th scope="row">{names.guarded(breaker.name)}</th>
                <td>
                  <StatusBadge status={breaker.state} />
                </td>
                <td className="number" data-label={t`Failures`}>
                  {breaker.failure_count}
                </td>
                <td data-label={t`Last failure`}>
                  <Moment at={breaker.last_failure} />
                </td>
                <td>
                  {breaker.state !== 'closed' && (
                    <button type="button" className="button small" disabled={reset.isPending} onClick={() => reset.mutate(breaker.name)}>
                      <Trans>Close it now</Trans>
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
