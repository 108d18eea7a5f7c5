import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { agentsQuery } from '../../api/agents';
import { api, query } from '../../api/client';
import { useRole } from '../../api/session';
import type { Conversation, Page } from '../../api/types';
import { useAgentWords } from '../../components/agent-words';
import type { IconName } from '../../components/icon';
import { chooseLanguage, LANGUAGES, type Language } from '../../i18n/locales';
import { type Command, COMMANDS, runCommand, useOffered } from '../../lib/commands';
import { parseShortcuts } from '../../lib/shortcuts';
import { useMine } from '../../lib/storage';
import { chooseTheme } from '../../lib/theme';
import { useSettled } from '../../lib/use-settled';
import { NAMES } from './names';

/** One line of the palette. */
export interface Choice {
  id: string;
  group: string;
  name: string;
  icon: IconName;
  /** More of it, such as the words that were found. */
  detail?: string | undefined;
  chord?: string | undefined;
  run: () => void;
}

const FOUND_MAX = 8;
const PAUSE_MS = 150;

/** What fits the words: commands and pages by their names, conversations by what was said in them. */
export function useChoices(words: string): { choices: Choice[]; searching: boolean } {
  const wanted = fold(words).split(/\s+/).filter((word) => word !== '');
  const commands = [...useCommands(), ...usePages(), ...useAgents(), ...useAppearance()].filter((choice) => {
    const name = fold(`${choice.name} ${choice.group}`);
    return wanted.every((word) => name.includes(word));
  });
  const { found, searching } = useConversations(words);
  // Without words the conversations of late come before the long tail of everything that can be done.
  return { choices: [...commands, ...found], searching };
}

function fold(text: string): string {
  return text.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLocaleLowerCase();
}

function useCommands(): Choice[] {
  const { t, i18n } = useLingui();
  const offered = useOffered();
  const { on, keys } = parseShortcuts(useMine('shortcuts'));
  return COMMANDS.filter((command) => command !== 'palette' && offered.has(command)).flatMap((command: Command) => {
    const known = NAMES[command];
    return known === undefined
      ? []
      : [{ id: command, group: t`Do`, name: i18n._(known.name), icon: known.icon, chord: on ? keys[command] : undefined, run: () => void runCommand(command) }];
  });
}

function usePages(): Choice[] {
  const { t } = useLingui();
  const navigate = useNavigate();
  const operator = useRole('operator');
  const admin = useRole('admin');
  const pages = [
    { to: '/tasks', icon: 'tasks', name: t`Tasks`, may: true },
    { to: '/schedules', icon: 'clock', name: t`Schedules`, may: true },
    { to: '/dead-letters', icon: 'dead', name: t`Dead letters`, may: true },
    { to: '/agents', icon: 'agents', name: t`Agents`, may: true },
    { to: '/models', icon: 'models', name: t`Models`, may: operator },
    { to: '/status', icon: 'status', name: t`Status`, may: operator },
    { to: '/users', icon: 'users', name: t`People`, may: admin },
    { to: '/settings', icon: 'settings', name: t`Settings`, may: true },
  ] as const;
  return pages.filter((page) => page.may).map(({ to, icon, name }) => ({ id: to, group: t`Go to`, name, icon, run: () => void navigate({ to }) }));
}

function useAgents(): Choice[] {
  const { t } = useLingui();
  const offered = useOffered().has('agent');
  const words = useAgentWords();
  const agents = useQuery({ ...agentsQuery, enabled: offered }).data?.items ?? [];
  if (!offered) return [];
  return [
    { id: 'agent-any', group: t`Who answers`, name: t`Whoever fits`, icon: 'agents', run: () => void runCommand('agent') },
    ...agents.map(
      (agent): Choice => ({ id: `agent-${agent.name}`, group: t`Who answers`, name: agent.display_name, detail: words(agent).title, icon: 'agents', run: () => void runCommand('agent', agent.name) }),
    ),
  ];
}

function useAppearance(): Choice[] {
  const { t } = useLingui();
  const themes = { light: t`Light`, dark: t`Dark`, system: t`As the system` };
  const colours = (Object.keys(themes) as (keyof typeof themes)[]).map(
    (theme): Choice => ({ id: `theme-${theme}`, group: t`Colours`, name: themes[theme], icon: 'settings', run: () => chooseTheme(theme) }),
  );
  const languages = (Object.keys(LANGUAGES) as Language[]).map(
    (code): Choice => ({ id: `language-${code}`, group: t`Language`, name: LANGUAGES[code], icon: 'settings', run: () => void chooseLanguage(code) }),
  );
  return [...colours, ...languages];
}

function useConversations(words: string): { found: Choice[]; searching: boolean } {
  const { t } = useLingui();
  const navigate = useNavigate();
  const q = useSettled(words.trim(), PAUSE_MS).slice(0, 200);
  const list = useQuery({
    queryKey: ['conversations', { palette: q }],
    queryFn: ({ signal }) => api.get<Page<Conversation>>(`/conversations${query({ sort: '-updated', limit: FOUND_MAX, q })}`, signal),
    placeholderData: (before) => before,
  });
  const found = (list.data?.items ?? []).map(
    ({ id, title, hit }): Choice => ({
      id: `conversation-${id}`,
      group: t`Conversations`,
      name: title,
      detail: hit?.text,
      icon: 'chat',
      run: () => void navigate({ to: '/c/$id', params: { id }, search: hit == null ? {} : { turn: hit.turn_id } }),
    }),
  );
  return { found, searching: list.isFetching };
}
