/** Word between the tabs of one browser, so that what one has done shows in the others at once. */
interface News {
  account: string | undefined;
  conversation: string;
}

const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('steward');

/** Tells the other tabs that something was said in this conversation. */
export function tellTabs(account: string | undefined, conversation: string): void {
  channel?.postMessage({ account, conversation } satisfies News);
}

/** Calls back when another tab of the same person has news of a conversation. Returns how to stop that. */
export function onTabs(account: () => string | undefined, listener: (conversation: string) => void): () => void {
  function heard(event: MessageEvent<News>) {
    if (event.data.account === account()) listener(event.data.conversation);
  }
  channel?.addEventListener('message', heard);
  return () => channel?.removeEventListener('message', heard);
}
