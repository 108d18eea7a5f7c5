import { useLingui } from '@lingui/react/macro';
import type { User } from '../api/types';

/** Roles in the reader's words, the least of them first. */
export function useRoleNames(): Record<User['role'], string> {
  const { t } = useLingui();
  return { viewer: t`Reader`, user: t`User`, operator: t`Operator`, admin: t`Administrator` };
}
