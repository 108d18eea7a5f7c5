import { Plural } from '@lingui/react/macro';

/** What becomes of the tasks that wait for a dead letter when it is dismissed. */
export function Cancelled({ waiting }: { waiting: number }) {
  return (
    <strong>
      <Plural
        value={waiting}
        one="# task that waits for this is cancelled, and so is what waits for that one in turn, except what is to run in any case."
        other="# tasks that wait for this are cancelled, and so is what waits for those in turn, except what is to run in any case."
      />
    </strong>
  );
}
