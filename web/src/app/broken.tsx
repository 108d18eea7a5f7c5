import { useLingui } from '@lingui/react/macro';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { Page } from '../components/page';
import { Trouble } from '../components/trouble';

/** In place of a page that failed, so that the rest of the window goes on. */
export function Broken({ error, reset }: ErrorComponentProps) {
  const { t } = useLingui();
  return (
    <Page title={t`Something is wrong here`}>
      <Trouble error={error} again={reset} />
    </Page>
  );
}
