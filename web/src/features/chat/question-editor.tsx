import { Trans, useLingui } from '@lingui/react/macro';
import { type KeyboardEvent, useState } from 'react';
import { LENGTH_MAX } from './composer';

/** Changes a message that was sent. Sending begins a branch; what was said before stays. */
export function QuestionEditor({ message, onSend, onLeave }: { message: string; onSend: (message: string) => void; onLeave: () => void }) {
  const { t } = useLingui();
  const [text, setText] = useState(message);
  const good = text.trim() !== '' && text.length <= LENGTH_MAX;
  function onKey(event: KeyboardEvent) {
    if (event.key === 'Escape') {
      event.stopPropagation();
      onLeave();
    } else if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      if (good) onSend(text.trim());
    }
  }
  return (
    <form
      className="question-editor"
      onSubmit={(event) => {
        event.preventDefault();
        if (good) onSend(text.trim());
      }}
    >
      <textarea className="input" aria-label={t`Your message`} value={text} autoFocus onFocus={(e) => e.target.setSelectionRange(text.length, text.length)} onChange={(e) => setText(e.target.value)} onKeyDown={onKey} aria-invalid={text.length > LENGTH_MAX} />
      <div className="row">
        <button type="submit" className="button primary small" disabled={!good}>
          <Trans>Ask again</Trans>
        </button>
        <button type="button" className="button small" onClick={onLeave}>
          <Trans>Leave it</Trans>
        </button>
        <span className="small quiet">
          <Trans>What was said before stays, as a version.</Trans>
        </span>
      </div>
    </form>
  );
}
