import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client';
import type { Agent, Backend, BackendSeen, BackendTrial, CatalogueModel, Chain, Model, Page } from '../../api/types';
import { newKey } from '../../lib/keys';

const CALM_MS = 15_000;

export const backendsQuery = queryOptions({
  queryKey: ['backends'],
  queryFn: ({ signal }) => api.get<Page<Backend>>('/backends', signal),
  refetchInterval: CALM_MS,
});

export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) => api.get<Page<Model>>('/models', signal),
  refetchInterval: CALM_MS,
});

export const agentsQuery = queryOptions({
  queryKey: ['agents', 'statistics'],
  queryFn: ({ signal }) => api.get<Page<Agent>>('/agents', signal),
  refetchInterval: CALM_MS,
});

export function agentQuery(name: string) {
  return queryOptions({
    queryKey: ['agents', 'one', name],
    queryFn: ({ signal }) => api.get<Agent>(`/agents/${encodeURIComponent(name)}`, signal),
    refetchInterval: CALM_MS,
  });
}

/** Whose order of failover: that of an agent, or the one that all others have. */
export type Scope = { agent: string } | 'default';

function chainPath(scope: Scope): string {
  return scope === 'default' ? '/models/chain' : `/agents/${encodeURIComponent(scope.agent)}/chain`;
}

export function chainQuery(scope: Scope) {
  return queryOptions({
    queryKey: ['chain', scope],
    queryFn: ({ signal }) => api.get<Chain>(chainPath(scope), signal),
    refetchInterval: CALM_MS,
  });
}

function useRefresh() {
  const client = useQueryClient();
  return () => {
    for (const key of ['backends', 'models', 'chain', 'agents']) void client.invalidateQueries({ queryKey: [key] });
  };
}

/** Sets an order; undefined goes back to the configuration's. */
export function useSetOrder(scope: Scope) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (models: string[] | undefined) => (models === undefined ? api.delete<Chain>(chainPath(scope)) : api.put<Chain>(chainPath(scope), { models })),
    onSettled: refresh,
  });
}

export interface ServerForm {
  name: string;
  kind: 'ollama' | 'openai';
  url: string;
  api_key: string;
  privacy: 'local' | 'remote';
  cost: 'free' | 'paid';
}

export function useTryServer() {
  return useMutation({ mutationFn: (form: ServerForm) => api.post<BackendSeen>('/backends/test', { body: form }) });
}

/** What follows when the server is saved: where its model goes in the order. */
export interface Placing {
  model: string;
  place: 'first' | 'last';
}

export function useConnect() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async ({ form, placing }: { form: ServerForm; placing: Placing | undefined }) => {
      const made = await api.post<Backend>('/backends', { body: form, key: newKey() });
      if (placing !== undefined) {
        const { models } = await api.get<Chain>('/models/chain');
        const model = `${made.name}/${placing.model}`;
        const others = models.filter((other) => other !== model);
        await api.put('/models/chain', { models: placing.place === 'first' ? [model, ...others] : [...others, model] });
      }
      return made;
    },
    onSettled: refresh,
  });
}

export function useChangeServer() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ name, url, api_key, privacy, cost }: ServerForm) =>
      api.patch<Backend>(`/backends/${encodeURIComponent(name)}`, { url, privacy, cost, ...(api_key !== '' && { api_key }) }),
    onSettled: refresh,
  });
}

export function useRemoveServer() {
  const refresh = useRefresh();
  return useMutation({ mutationFn: (name: string) => api.delete(`/backends/${encodeURIComponent(name)}`), onSettled: refresh });
}

export function useTestBackend() {
  return useMutation({ mutationFn: (name: string) => api.post<BackendTrial>(`/backends/${encodeURIComponent(name)}/test`) });
}

export function useInstallation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, install }: { id: string; install: boolean }) =>
      install ? api.post<CatalogueModel>(`/models/catalogue/${id}/install`) : api.delete<CatalogueModel | undefined>(`/models/catalogue/${id}/install`),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['catalogue'] });
      void client.invalidateQueries({ queryKey: ['models'] });
    },
  });
}
