import { QueryClient } from '@tanstack/react-query';
import { mayPass } from '../api/problem';

const RETRIES = 3;

/** All that was read of the server, for as long as the page is open. */
export const client = new QueryClient({
  defaultOptions: {
    queries: { retry: (failures, error) => failures < RETRIES && mayPass(error), staleTime: 5_000, networkMode: 'offlineFirst' },
    mutations: { retry: false, networkMode: 'always' },
  },
});
