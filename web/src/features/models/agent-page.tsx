import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useRole } from '../../api/session';
import type { Agent } from '../../api/types';
import { useAgentWords } from '../../components/agent-words';
import { Loaded } from '../../components/loaded';
import { Page } from '../../components/page';
import { StatusBadge } from '../../components/status-badge';
import { duration, number } from '../../lib/format';
import './models.css';
import { OrderEditor } from './order-editor';
import { agentQuery } from './queries';

const route = getRouteApi('/agents/$name');

/** One agent: what it is for, how it has done for you, whom it asks. */
export function AgentPage() {
  const { t } = useLingui();
  const { name } = route.useParams();
  const operator = useRole('operator');
  const agent = useQuery(agentQuery(name));
  const words = useAgentWords();
  return (
    <Page
      title={agent.data?.display_name ?? name}
      {...(agent.data !== undefined && { lead: words(agent.data).purpose })}
      actions={
        <Link to="/agents" className="button">
          <Trans>All agents</Trans>
        </Link>
      }
    >
      <Loaded from={agent}>{(data) => <Facts agent={data} />}</Loaded>
      <section className="stack" aria-labelledby="order">
        <div className="stack-small">
          <h2 id="order">
            <Trans>Whom it asks</Trans>
          </h2>
          <p className="quiet small">
            <Trans>The first model that works answers. When it fails, the next one goes on from there.</Trans>
          </p>
        </div>
        <OrderEditor scope={{ agent: name }} />
      </section>
      {operator && (
        <p className="quiet small">{t`The length and the freedom of its answers are set in steward.yaml, under agents.${name}.`}</p>
      )}
    </Page>
  );
}

function Facts({ agent }: { agent: Agent }) {
  const { t, i18n } = useLingui();
  const { statistics } = agent;
  const share = statistics.turns === 0 ? '–' : new Intl.NumberFormat(i18n.locale, { style: 'percent' }).format(statistics.completed / statistics.turns);
  const facts: [string, React.ReactNode][] = [
    [t`Your questions`, number(statistics.turns, i18n.locale)],
    [t`Answered`, share],
    [t`Failed`, number(statistics.failures, i18n.locale)],
    [t`Time for an answer`, statistics.completed === 0 ? '–' : duration(statistics.mean_latency_ms, i18n.locale)],
    [t`Tokens read`, number(statistics.prompt_tokens, i18n.locale)],
    [t`Tokens written`, number(statistics.completion_tokens, i18n.locale)],
    [t`Longest answer`, agent.max_tokens == null ? t`as the model has it` : t`${number(agent.max_tokens, i18n.locale)} tokens`],
    [t`Freedom`, agent.temperature == null ? t`as the model has it` : number(agent.temperature, i18n.locale)],
    [t`State`, <StatusBadge key="state" status={agent.breaker_state === 'closed' ? 'ready' : agent.breaker_state} />],
  ];
  return (
    <dl className="figures card">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
