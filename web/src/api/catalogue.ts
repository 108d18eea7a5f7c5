import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import type { CatalogueModel, Page } from './types';

const CALM_MS = 15_000;
const BUSY_MS = 1_000;

/** Models that Steward can bring itself, and how far each is; asked every second while one is being installed. */
export const catalogueQuery = queryOptions({
  queryKey: ['catalogue'],
  queryFn: ({ signal }) => api.get<Page<CatalogueModel>>('/models/catalogue', signal),
  refetchInterval: (query) => (query.state.data?.items.some((model) => model.progress != null) ? BUSY_MS : CALM_MS),
});
