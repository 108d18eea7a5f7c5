import { useLingui } from '@lingui/react/macro';
import type { Problem } from '../api/types';

/** What kind of trouble it is, in the reader's words; the server's where the status is not known here. */
export function useProblemTitles(): (problem: Problem) => string {
  const { t } = useLingui();
  const titles: Record<number, string> = {
    400: t`The request can't be read`,
    401: t`Sign-in needed`,
    403: t`Not allowed`,
    404: t`Not found`,
    409: t`In conflict with how things are now`,
    413: t`Too large`,
    422: t`Values refused`,
    429: t`Too many requests`,
    500: t`Internal error`,
    502: t`Network error`,
    503: t`Not available now`,
    504: t`Took too long`,
  };
  return (problem) => titles[problem.status] ?? problem.title;
}
