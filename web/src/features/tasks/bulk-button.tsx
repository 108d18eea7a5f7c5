import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { news } from '../../components/toasts';
import { Trouble } from '../../components/trouble';
import { number } from '../../lib/format';
import { Cancelled } from './cancelled';
import { type Bulk, countQuery, useBulk } from './queries';

/** Sends every dead letter of a cause back, or dismisses them, after saying how many that are. */
export function BulkButton({ act, fingerprint, cause }: { act: Bulk; fingerprint: string; cause: string }) {
  const { t, i18n } = useLingui();
  const [open, setOpen] = useState(false);
  const count = useQuery(countQuery(act, fingerprint, open));
  const bulk = useBulk(act);
  const matched = count.data?.matched;
  const back = act === 'retry';
  function run() {
    bulk.mutate(fingerprint, {
      onSuccess: ({ replayed, dismissed }) => {
        setOpen(false);
        news.add({ title: back ? t`Back at work: ${number(replayed ?? 0, i18n.locale)}` : t`Dismissed: ${number(dismissed ?? 0, i18n.locale)}` });
      },
    });
  }
  return (
    <AlertDialog.Root open={open} onOpenChange={setOpen}>
      <AlertDialog.Trigger className={back ? 'button small' : 'button small danger'}>{back ? <Trans>Send all back</Trans> : <Trans>Dismiss all</Trans>}</AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="backdrop" />
        <AlertDialog.Popup className="dialog">
          <AlertDialog.Title render={<h2 />}>{back ? <Trans>Send every task of this cause back to work?</Trans> : <Trans>Dismiss every dead letter of this cause?</Trans>}</AlertDialog.Title>
          <AlertDialog.Description>
            {back ? <Trans>Each begins anew with its old input and a full number of retries.</Trans> : <Trans>Their tasks will never be done. They stay readable as failed.</Trans>}
          </AlertDialog.Description>
          <p className="quiet">{cause}</p>
          <p role="status">
            <strong>{matched === undefined ? <span className="working">{t`Counting`}</span> : t`That are: ${number(matched, i18n.locale)}`}</strong>
          </p>
          {!back && count.data?.waiting != null && count.data.waiting > 0 && (
            <p>
              <Cancelled waiting={count.data.waiting} />
            </p>
          )}
          {count.isError && <Trouble error={count.error} />}
          {bulk.isError && <Trouble error={bulk.error} />}
          <div className="row">
            <button type="button" className={back ? 'button primary' : 'button danger'} disabled={matched === undefined || matched === 0 || bulk.isPending} onClick={run}>
              {back ? <Trans>Send back</Trans> : <Trans>Dismiss</Trans>}
            </button>
            <AlertDialog.Close className="button">
              <Trans>Leave it</Trans>
            </AlertDialog.Close>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
