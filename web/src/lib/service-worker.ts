const ADDRESS = '/sw.js';

interface PolicyFactory {
  createPolicy: (name: string, rules: { createScriptURL: (address: string) => string }) => { createScriptURL: (address: string) => string };
}

/** Has the browser keep the pages' own files, where it can: only over https and on this machine. */
export function registerServiceWorker(): void {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
  const { trustedTypes } = window as { trustedTypes?: PolicyFactory };
  // The content policy takes no bare text as the address of a script.
  const policy = trustedTypes?.createPolicy('steward-service-worker', {
    createScriptURL: (address) => {
      if (address !== ADDRESS) throw new TypeError(`not a script of Steward: ${address}`);
      return address;
    },
  });
  navigator.serviceWorker.register(policy?.createScriptURL(ADDRESS) ?? ADDRESS, { updateViaCache: 'none' }).catch(() => undefined);
}
