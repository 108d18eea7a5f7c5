import { useLingui } from '@lingui/react/macro';
import type { Agent } from '../api/types';

/** What an agent is called and what it is for, in the reader's words; the server's where it is not known here. */
export function useAgentWords(): (agent: Pick<Agent, 'name' | 'title' | 'purpose'>) => { title: string; purpose: string } {
  const { t } = useLingui();
  const known: Record<string, { title: string; purpose: string }> = {
    alpha: { title: t`Chief assistant`, purpose: t`Everyday questions, and everything that fits no specialist; coordinates the others.` },
    beta: { title: t`Research analyst`, purpose: t`Research, comparison, evidence, facts and figures, summaries of long texts.` },
    gamma: { title: t`Knowledge manager`, purpose: t`Notes, connections between notes, learning, organising what one knows.` },
    delta: { title: t`Task coordinator`, purpose: t`Tasks, plans, schedules, reminders, deadlines, priorities.` },
    epsilon: { title: t`Creative assistant`, purpose: t`Writing, stories, poems, names, slogans, letters, ideas, pictures and video.` },
    zeta: { title: t`Code architect`, purpose: t`Programming, code, errors in programs, software design, shell, SQL.` },
    eta: { title: t`Evolution engineer`, purpose: t`The health of this Steward server, its errors, speed, settings and improvements.` },
  };
  return (agent) => known[agent.name] ?? { title: agent.title, purpose: agent.purpose };
}
