/** Where servers of each kind are most often. */
export const USUAL_URL = { ollama: 'http://127.0.0.1:11434', openai: 'https://api.openai.com/v1' } as const;

/** Whether an address is one of this machine or of a private network, as it is written. The server decides by itself. */
export function isNearby(url: string): boolean {
  const host = hostOf(url);
  return /^(localhost|127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|\[::1\]|\[f[cd])/.test(host) || !host.includes('.') || /\.(local|lan|home|internal)$/.test(host);
}

function hostOf(url: string): string {
  try {
    return new URL(url.includes('://') ? url : `http://${url}`).hostname;
  } catch {
    return '';
  }
}

/** A short name that is free: what the host is called, or the kind. */
export function suggestedName(kind: 'ollama' | 'openai', url: string, taken: readonly string[]): string {
  const parts = hostOf(url).split('.');
  const named = /^[a-z][a-z0-9-]*$/.test(parts.at(-2) ?? '') && parts.length > 1 ? parts.at(-2) : undefined;
  const base = kind === 'ollama' ? 'ollama' : (named ?? 'server');
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base}-${n}`;
    if (!taken.includes(name)) return name;
  }
}
