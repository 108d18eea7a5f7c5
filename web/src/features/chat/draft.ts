import { rememberMine } from '../../lib/storage';

const CHANGED = 'steward:draft';

/** Puts a text where the messages of this conversation are written, in place of what is there. */
export function redraft(conversation: string, text: string): void {
  rememberMine(`draft.${conversation}`, text);
  window.dispatchEvent(new CustomEvent(CHANGED, { detail: conversation }));
}

/** Calls back when the draft of this conversation was replaced. Returns how to stop that. */
export function onRedraft(conversation: string, listener: () => void): () => void {
  function heard(event: Event) {
    if ((event as CustomEvent<string>).detail === conversation) listener();
  }
  window.addEventListener(CHANGED, heard);
  return () => window.removeEventListener(CHANGED, heard);
}
