import { useLingui } from '@lingui/react/macro';
import type { Task } from '../../api/types';

/** What tasks and their kinds are called, in the reader's words; as the server calls them where it is not known here. */
export function useTaskNames(): { kinds: Record<string, string>; kind: (type: string) => string; name: (task: Pick<Task, 'description' | 'type'>) => string } {
  const { t } = useLingui();
  const kinds: Record<string, string> = {
    turn: t`Answer to a message`,
    title: t`Title of a conversation`,
    summary: t`Summary of a conversation`,
    prompt: t`Question`,
    ask: t`Question asked on time`,
    reminder: t`Reminder`,
    http: t`Web request`,
    noop: t`Drill`,
  };
  const kind = (type: string) => kinds[type] ?? type;
  // What Steward makes by itself it describes in English.
  const own = new Set(['turn', 'title', 'summary']);
  return { kinds, kind, name: ({ description, type }) => (description === '' || own.has(type) ? kind(type) : description) };
}
