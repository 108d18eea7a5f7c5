import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Loaded } from '../../components/loaded';
import { Page } from '../../components/page';
import { useAgentWords } from '../../components/agent-words';
import { StatusBadge } from '../../components/status-badge';
import { duration, number } from '../../lib/format';
import './models.css';
import { agentsQuery } from './queries';

/** The seven specialists: what each is for, and how it has done. */
export function AgentsPage() {
  const { t, i18n } = useLingui();
  const agents = useQuery(agentsQuery);
  const words = useAgentWords();
  return (
    <Page title={t`Agents`} lead={t`Seven specialists. Steward picks the one that fits, or you do.`}>
      <Loaded from={agents}>
        {({ items }) => (
          <div className="cards-grid">
            {items.map((agent) => (
              <article key={agent.name} className="card stack-small">
                <div className="spread">
                  <h2>
                    <Link to="/agents/$name" params={{ name: agent.name }}>
                      {agent.display_name}
                    </Link>
                  </h2>
                  <StatusBadge status={agent.breaker_state === 'closed' ? 'ready' : agent.breaker_state} />
                </div>
                <p className="quiet small">{words(agent).title}</p>
                <p>{words(agent).purpose}</p>
                <p className="small quiet">
                  {t`Questions: ${number(agent.statistics.turns, i18n.locale)}, failed: ${number(agent.statistics.failures, i18n.locale)}`}
                  {agent.statistics.completed > 0 && ` · ${duration(agent.statistics.mean_latency_ms, i18n.locale)}`}
                </p>
                {agent.chain.length > 0 && <p className="mono quiet">{agent.chain.join(' → ')}</p>}
              </article>
            ))}
          </div>
        )}
      </Loaded>
    </Page>
  );
}
