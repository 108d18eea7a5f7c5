import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import type { Agent, Page } from './types';

/** Who can answer. */
export const agentsQuery = queryOptions({
  queryKey: ['agents'],
  queryFn: ({ signal }) => api.get<Page<Agent>>('/agents', signal),
  staleTime: 60_000,
});
