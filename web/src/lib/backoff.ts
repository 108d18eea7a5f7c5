const FIRST_MS = 300;
const MAX_MS = 10_000;

/** How long to wait before try `failures + 1`, in milliseconds: doubling, with full jitter, never above ten seconds. */
export function backoffMs(failures: number, random: () => number = Math.random): number {
  const ceiling = Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(failures, 10));
  return ceiling / 2 + (random() * ceiling) / 2;
}

/** Tell this on `window` to let everything that waits for another try have it now. */
export const TRY_NOW = 'steward:try-now';

/** Resolves after the time, or at once when the network comes back or somebody says so; rejects when aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(abortReason(signal));
      return;
    }
    const timer = setTimeout(done, ms);
    function done() {
      cleanUp();
      resolve();
    }
    function stopped() {
      cleanUp();
      reject(abortReason(signal));
    }
    function cleanUp() {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      window.removeEventListener(TRY_NOW, done);
      signal.removeEventListener('abort', stopped);
    }
    window.addEventListener('online', done);
    window.addEventListener(TRY_NOW, done);
    signal.addEventListener('abort', stopped);
  });
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new DOMException('aborted', 'AbortError');
}
