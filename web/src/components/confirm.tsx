import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Trans } from '@lingui/react/macro';
import type { ReactElement, ReactNode } from 'react';

/** Asks before something that can't be taken back. */
export function Confirm({ trigger, title, detail, action, onConfirm }: { trigger: ReactElement; title: string; detail: ReactNode; action: string; onConfirm: () => void }) {
  return (
    <AlertDialog.Root>
      <AlertDialog.Trigger render={trigger} />
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup className="dialog">
          <AlertDialog.Title render={<h2 />}>{title}</AlertDialog.Title>
          <AlertDialog.Description>{detail}</AlertDialog.Description>
          <div className="row">
            <AlertDialog.Close className="button danger" onClick={onConfirm}>
              {action}
            </AlertDialog.Close>
            <AlertDialog.Close className="button">
              <Trans>Leave it</Trans>
            </AlertDialog.Close>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
