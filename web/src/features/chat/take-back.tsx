import { Trans } from '@lingui/react/macro';
import { outbox, type Unsent } from '../../lib/outbox';
import { recallMine } from '../../lib/storage';
import { redraft } from './draft';

/** A message that is not sent yet can go back to where it was written. */
export function TakeBack({ item }: { item: Unsent }) {
  function takeBack() {
    outbox.remove(item.key);
    const draft = recallMine(`draft.${item.conversation}`);
    redraft(item.conversation, draft === undefined ? item.message : `${item.message}\n\n${draft}`);
  }
  return (
    <>
      <span className="small quiet working" role="status">
        <Trans>Waits to be sent</Trans>
      </span>
      <button type="button" className="button plain small" onClick={takeBack}>
        <Trans>Take it back</Trans>
      </button>
    </>
  );
}
