import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { Page } from '../components/page';

export function NotFound() {
  const { t } = useLingui();
  return (
    <Page title={t`There is nothing at this address`}>
      <p>
        <Link to="/">
          <Trans>To the conversations</Trans>
        </Link>
      </p>
    </Page>
  );
}
