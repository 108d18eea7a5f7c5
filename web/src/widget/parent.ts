const parameters = new URLSearchParams(location.hash.slice(1));

/** The page that shows this frame, as it says itself. The server has let only named sites show it (`frame-ancestors`). */
const origin = parameters.get('origin') ?? '';

export const wishes = { language: parameters.get('language') ?? '', theme: parameters.get('theme') ?? '' };

/** Tells the page around the frame; nobody else hears it. */
export function tellParent(word: 'ready' | 'close'): void {
  if (window.parent !== window && /^https?:\/\//.test(origin)) window.parent.postMessage({ steward: word }, origin);
}

/** Calls back when the page around the frame opens it. Returns how to stop that. */
export function onOpened(listener: () => void): () => void {
  function heard(event: MessageEvent<unknown>) {
    if (event.origin !== origin || event.source !== window.parent) return;
    if ((event.data as { steward?: unknown } | null)?.steward === 'open') listener();
  }
  window.addEventListener('message', heard);
  return () => window.removeEventListener('message', heard);
}
