import { Dialog } from '@base-ui/react/dialog';
import { Trans } from '@lingui/react/macro';
import { SignInForm } from './sign-in-form';

export default function SignInDialog({ email }: { email: string | undefined }) {
  return (
    <Dialog.Root open disablePointerDismissal>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title render={<h2 />}>
            <Trans>Sign in again</Trans>
          </Dialog.Title>
          <Dialog.Description className="quiet">
            <Trans>Your session has ended. Nothing you typed is lost.</Trans>
          </Dialog.Description>
          <SignInForm email={email} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
