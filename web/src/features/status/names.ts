import { useLingui } from '@lingui/react/macro';

export interface PartNames {
  /** A part of the server; as it is called in logs where it has no other name. */
  part: (name: string) => string;
  /** How badly it is needed. */
  tier: (tier: string) => string;
  /** What a breaker guards. */
  guarded: (breaker: string) => string;
}

/** Readable names for what logs and metrics call by short ones. */
export function usePartNames(): PartNames {
  const { t } = useLingui();
  const parts: Record<string, string> = {
    database: t`Database`,
    tasks: t`Tasks`,
    models: t`Language models`,
    schedules: t`Schedules`,
    resilience: t`Breakers`,
    'embedded-model': t`Built-in model`,
    redis: t`Redis`,
  };
  const tiers: Record<string, string> = { core: t`core`, essential: t`essential`, support: t`supporting`, extended: t`extra`, optional: t`extra` };
  return {
    part: (name) => parts[name] ?? name,
    tier: (tier) => tiers[tier.toLowerCase()] ?? tier,
    guarded(breaker) {
      const agent = /^ollama_(.+)$/.exec(breaker)?.[1];
      if (agent !== undefined) return t`Agent ${capital(agent)}`;
      const backend = /^backend_(.+)$/.exec(breaker)?.[1];
      return backend === undefined ? breaker : t`Model server ${backend}`;
    },
  };
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
