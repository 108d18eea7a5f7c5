import { Trans } from '@lingui/react/macro';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Trouble } from './trouble';

/** The states of everything that is fetched: waiting, trouble, there, and there but old. */
export function Loaded<T>({ from, children }: { from: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  if (from.data !== undefined) {
    return (
      <>
        {from.isRefetchError && (
          <div className="notice warn small" role="status">
            <Trans>What you see may be old: the server does not answer just now.</Trans>
          </div>
        )}
        {children(from.data)}
      </>
    );
  }
  if (from.isError) return <Trouble error={from.error} again={() => void from.refetch()} />;
  return (
    <p className="quiet working" role="status">
      <Trans>Loading</Trans>
    </p>
  );
}
