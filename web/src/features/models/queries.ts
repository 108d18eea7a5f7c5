import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client';
import type { Agent, Backend, BackendTrial, CatalogueModel, Model, Page } from '../../api/types';

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
